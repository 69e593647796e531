"""Programs of others that the help center speaks to: Typst, which sets its manuals."""
