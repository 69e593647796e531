"""Card providers."""
