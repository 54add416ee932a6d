"""The WSGI entry, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mcai_project.settings")

_django = get_wsgi_application()

from jobs import tracing  # noqa: E402 - only a Django that is set up can be imported from
from jobs.hotpath import quick_poll  # noqa: E402
from monitoring.middleware import poll_answered  # noqa: E402

# Where spans are recorded, the polls' are wanted too, and the middlewares make them.
application = _django if tracing.is_recording() else quick_poll(_django, poll_answered())
