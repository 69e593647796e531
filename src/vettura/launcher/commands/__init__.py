"""One module per command of `vettura`: its arguments, and what it does."""
