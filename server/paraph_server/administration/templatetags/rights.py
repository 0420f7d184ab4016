"""Rights in words, for the templates."""

from collections.abc import Iterable

from django import template

from paraph_server.accounts.rights import LABELS

register = template.Library()


@register.filter
def labels(granted: Iterable[str]) -> list[str]:
    """What a group may do, in the order in which rights are always listed."""
    return [str(label) for right, label in LABELS.items() if right in set(granted)]
