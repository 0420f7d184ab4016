"""The door that granian (or any WSGI server) opens."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph_server.config.settings")
application = get_wsgi_application()
