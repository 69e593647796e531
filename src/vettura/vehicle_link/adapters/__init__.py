"""How the link reaches the broker."""
