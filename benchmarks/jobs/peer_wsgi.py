"""The minimal DRF application, for gunicorn."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.jobs.peer_settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
