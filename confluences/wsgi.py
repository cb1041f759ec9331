"""Entry point of the web server (gunicorn confluences.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "confluences.settings")
application = get_wsgi_application()
