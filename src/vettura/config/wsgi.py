"""Django as a WSGI application; the front (front.py) runs it beside the streams."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vettura.config.settings")
application = get_wsgi_application()
