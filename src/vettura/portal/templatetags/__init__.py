"""Template tags for everyone: `{% load design %}`."""
