"""Django's settings, derived from the options. An operator sets `Options`, never this."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from paraph_server.config.options import options

OPTIONS = options()
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = OPTIONS.secret_key.get_secret_value()
ALLOWED_HOSTS = [OPTIONS.host, "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [OPTIONS.public_url, OPTIONS.certificate_url]
ROOT_URLCONF = "paraph_server.urls"
WSGI_APPLICATION = "paraph_server.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "paraph_server.web",
    "paraph_server.accounts",
    "paraph_server.journal",
    "paraph_server.calls",
    "paraph_server.documents",
    "paraph_server.notifications",
    "paraph_server.providers",
    "paraph_server.identification",
    "paraph_server.embedding",
    "paraph_server.authentication",
    "paraph_server.administration",
    "paraph_server.policies",
    "paraph_server.workflows",
    "paraph_server.signing",
    "paraph_server.cards",
    "paraph_server.authorisations",
    "paraph_server.sealing",
    "paraph_server.templates",
    "paraph_server.bulk",
    "paraph_server.evidence",
    "paraph_server.webhooks",
    "paraph_server.jobs",
    "paraph_server.reference",
]

MIDDLEWARE = [
    "paraph_server.web.client_certificates.only_from_proxies",
    "paraph_server.web.middleware.request_id",
    "paraph_server.web.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "paraph_server.embedding.framing.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "paraph_server.web.middleware.body_limit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "paraph_server.web.middleware.ErrorPages",
    "paraph_server.accounts.middleware.access",
    "paraph_server.authentication.sessions.watched",
]

# ---------------------------------------------------------------- database and jobs
_database = {name: str(value) for name, value in conninfo_to_dict(OPTIONS.database_url.get_secret_value()).items()}
DATABASES = {
    "default": {
        "ENGINE": "paraph_server.config.postgresql",
        "NAME": _database.pop("dbname", "paraph"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        "OPTIONS": {"connect_timeout": "10", "tcp_user_timeout": "30000"} | _database,  # no request waits for ever
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["paraph_server.accounts.sign_in.Passwords"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60
SESSION_COOKIE_NAME = "paraph"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OPTIONS.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# ---------------------------------------------------------------- web
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if OPTIONS.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # Django's CSRF check over HTTPS needs the referrer of our own pages
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "paraph_server.web.problems.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 2**20
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "paraph_server.web.page.frame",
                "paraph_server.accounts.rights.frame",
            ]
        },
    }
]

# ---------------------------------------------------------------- languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Europe/Paris"  # of what people read; times are stored in UTC
USE_TZ = True

# ---------------------------------------------------------------- mail
_smtp = urlsplit(OPTIONS.smtp_url.get_secret_value())
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _smtp.hostname or "127.0.0.1"
EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = OPTIONS.mail_from

# ---------------------------------------------------------------- logs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "paraph_server.web.logs.RequestId"},
        "chatter": {"()": "paraph_server.web.logs.WithoutChatter"},
    },
    "formatters": {
        "line": {
            "()": "paraph_server.web.logs.Line",
            "format": "{asctime} {levelname} {name} {request} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request", "chatter"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # A refused request is the client's business, not an operator's.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "pikepdf": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
    },
}
