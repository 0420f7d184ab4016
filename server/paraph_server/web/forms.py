"""What forms on all pages have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.forms import Form

from paraph_server.web.errors import PlatformError


@contextmanager
def explained(form: Form) -> Iterator[None]:
    """What an action refuses is said above its form, and nothing of it has happened."""
    try:
        with transaction.atomic():
            yield
    except PlatformError as error:
        form.add_error(None, str(error))
