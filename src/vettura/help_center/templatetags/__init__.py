"""Template tags of the help center: `{% load articles %}`."""
