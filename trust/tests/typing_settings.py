"""The settings as the type checker loads them: it needs the models, not a database."""

import os

os.environ.setdefault("PARAPH_TRUST_DATABASE_URL", "postgresql:///none")
os.environ.setdefault("PARAPH_TRUST_KEYS_DIR", "/nonexistent")
os.environ.setdefault("PARAPH_TRUST_PASSPHRASE_FILE", "/nonexistent")
os.environ.setdefault("PARAPH_TRUST_PUBLIC_URL", "http://127.0.0.1:1")

from paraph_trust.config.settings import *  # noqa: F403  the options must stand first
