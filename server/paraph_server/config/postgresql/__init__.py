"""Django's PostgreSQL, as this platform uses it."""
