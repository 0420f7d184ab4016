"""Find people of one's own organisation."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts.errors import NoSuchUser
from paraph_server.accounts.models import User


def colleagues(user: User, text: str = "") -> QuerySet[User]:
    """Everybody of a user's tenant, or those whose names or address have each word of `text`."""
    found = User.objects.filter(tenant=user.tenant_id)
    for word in text.split():
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word))
    return found


def colleague(user: User, user_id: str) -> User:
    found = colleagues(user).filter(pk=user_id).first()
    if found is None:
        raise NoSuchUser(_("There is no such user."))
    return found
