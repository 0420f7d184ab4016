"""Django's settings: no sessions, no administration pages, no cookies; models, migrations and views only."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from paraph_trust.config.options import options


def _database(url: str, threads: int) -> dict[str, Any]:
    """A libpq connection string as Django spells it; what Django has no name for stays a libpq option."""
    given = conninfo_to_dict(url)
    named = {key: given.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": named["dbname"],
        "USER": named["user"],
        "PASSWORD": named["password"],
        "HOST": named["host"],
        "PORT": named["port"],
        "OPTIONS": {**given, "pool": {"min_size": 1, "max_size": threads + 2, "timeout": 5}},
    }


DATABASES = {"default": _database(options().database_url, options().threads)}
INSTALLED_APPS = [
    "paraph_trust.log",
    "paraph_trust.control",
    "paraph_trust.clients",
    "paraph_trust.authority",
    "paraph_trust.status",
    "paraph_trust.signing",
    "paraph_trust.timestamping",
    "paraph_trust.ceremony",
    "paraph_trust.enrolment",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "paraph_trust.urls"
USE_TZ = True
TIME_ZONE = "UTC"
DEBUG = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
"""The largest request: a batch of digests. Larger bodies are refused before they are read."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
