"""
The desk: the frame around the pages of people who work with customers. No decisions here.

Partners' staff sign in like everybody else; whoever works for nobody finds nothing (404). Each context brings its own
pages (`<context>/desk.py`), mounted by name.
"""
