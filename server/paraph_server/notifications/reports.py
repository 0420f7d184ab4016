"""Where carriers tell what became of a message: an address that names it and nobody can guess."""

from django.utils.crypto import constant_time_compare, salted_hmac

from paraph_server.config.options import options
from paraph_server.notifications.models import Message


def address(message: Message, carrier: str) -> str:
    return f"{options().public_url}/messages/{message.pk}/{carrier}/{_token(message.pk, carrier)}"


def genuine(message_id: str, carrier: str, token: str) -> bool:
    return constant_time_compare(token, _token(message_id, carrier))


def _token(message_id: str, carrier: str) -> str:
    digest = salted_hmac("paraph.notifications.reports", f"{message_id} {carrier}", algorithm="sha256")
    return digest.hexdigest()[:40]
