"""Commands of the foundation, by file name."""
