"""Users go to their organisation's directory and come back: whose account it is that they come back to."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from paraph_server.accounts import actions as accounts
from paraph_server.accounts.errors import EmailTaken
from paraph_server.accounts.models import Tenant, User
from paraph_server.authentication import directories
from paraph_server.authentication.errors import AddressNotVerified, LinkedElsewhere, NoAccount
from paraph_server.authentication.models import Directory, Domain, Factor, Link
from paraph_server.authentication.notices import tell
from paraph_server.identification.errors import StaleAnswer
from paraph_server.identification.openid import exchange, tokens
from paraph_server.identification.openid.exchange import Identity
from paraph_server.journal.actions import Actor

Acting: TypeAlias = Callable[[User], Actor]
"""Somebody as the journal knows them, with the address and the browser they come from."""
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody is on their way."""

    state: str
    """For their browser alone."""
    address: str


def leave(directory: Directory, *, hint: str, fresh: bool = False) -> Departure:
    """Send somebody to a directory; `fresh`: they show there anew who they are. Raises `ProviderUnavailable`."""
    state = secrets.token_urlsafe(32)
    address = exchange.address(
        directories.party(directory),
        state=state,
        nonce=_bound("nonce", state),
        verifier=_bound("verifier", state),
        language=get_language() or "en",
        fresh=fresh,
        hint=hint[:254],
    )
    return Departure(state, address)


def arrive(
    directory: Directory, *, state: str, code: str, issuer: str, since: datetime | None = None, at: datetime
) -> Identity:
    """Who comes back; `issuer` is who says to have sent them (RFC 9207), or nothing.

    Raises:
        StaleAnswer: the answer was used, or is too old; or they have not signed in there `since` then.
        ProviderUnavailable, UntrustedAnswer: it is not to be had, or not to be believed.
    """
    if issuer not in {"", directory.issuer}:
        raise tokens.untrusted()
    nonce, verifier = _bound("nonce", state), _bound("verifier", state)
    identity = exchange.identify(directories.party(directory), code, nonce=nonce, verifier=verifier, at=at)
    signed_in = identity.token.auth_time
    if since and signed_in and signed_in < since - tokens.SKEW:
        raise StaleAnswer(_("You have not shown anew who you are. Please start again."))
    return identity


def factor(directory: Directory, identity: Identity) -> Factor:
    """What a directory's word is worth: whether it says by one of the agreed values that it asked for more."""
    said = {identity.token.acr, *identity.token.amr}
    return Factor.DIRECTORY_STRONGLY if said & set(directory.strong_values.split()) else Factor.DIRECTORY


@transaction.atomic
def user(directory: Directory, identity: Identity, *, acting: Acting, at: datetime) -> User:
    """Whose account it is: that of who was linked; else that of a verified address, which is linked from then on.

    Raises:
        AddressNotVerified: nobody is linked yet, and the directory does not say that the address was verified.
        LinkedElsewhere: the account of this address is somebody else's at the directory.
        NoAccount: there is none, it is disabled, or it is not for this directory to open.
    """
    Directory.objects.select_for_update().get(pk=directory.pk)  # two first sign-ins make one account
    known = Link.objects.filter(directory=directory, sub=identity.token.sub).select_related("user__tenant").first()
    if known:
        if not known.user.is_active:
            raise no_account()
        return known.user
    found = _by_address(directory, identity) or _newcomer(directory, identity, acting, at)
    return link(found, directory, identity, acting=acting, at=at)


@transaction.atomic
def link(user: User, directory: Directory, identity: Identity, *, acting: Acting, at: datetime) -> User:
    """From now on whoever is this at the directory is this user here; said twice, done once.

    Raises:
        LinkedElsewhere: one of them is somebody else's already.
    """
    alike = Link.objects.filter(directory=directory, sub=identity.token.sub).first()
    own = Link.objects.filter(directory=directory, user=user).first()
    if alike and alike == own:
        return user
    if alike or own:
        raise LinkedElsewhere(
            _("This account is linked with another identity there. Who manages people can undo that.")
        )
    Link.objects.create(tenant_id=user.tenant_id, directory=directory, user=user, sub=identity.token.sub, linked_at=at)
    tell("user:linked", user, acting(user), at, directory=directory.pk, sub=identity.token.sub)
    return user


def is_linked(user: User, directory: Directory) -> bool:
    return Link.objects.filter(directory=directory, user=user).exists()


def no_account() -> NoAccount:
    return NoAccount(_("Nobody here has an account under this address. Ask who manages people in your organisation."))


def _by_address(directory: Directory, identity: Identity) -> User | None:
    """Only an address that was verified, and that the directory answers for, leads to an account."""
    if not identity.email:
        raise AddressNotVerified(
            _(
                "Your organisation’s sign-in does not say that your address was verified. Sign in as you did before,"
                " and connect it under “Sign-in and security”."
            )
        )
    if not directory.domains.filter(name=directories.domain_of(identity.email)).exists():
        raise no_account()
    found = User.objects.filter(tenant=directory.tenant_id, email__iexact=identity.email, is_active=True)
    return found.select_related("tenant").first()


def _newcomer(directory: Directory, identity: Identity, acting: Acting, at: datetime) -> User:
    """An account for somebody whom their organisation's directory knows, in a domain that is theirs."""
    domain = Domain.objects.filter(directory=directory, name=directories.domain_of(identity.email), granted=True)
    names = [_name(each) for each in (identity.names.given_names, identity.names.family_name)]
    if directory.group is None or not all(names) or not domain.exists():
        raise no_account()
    try:
        made = accounts.create_user(
            Tenant.objects.get(pk=directory.tenant_id),
            email=identity.email,
            first_name=names[0],
            last_name=names[1],
            locale=get_language() or "en",
            group=directory.group,
            at=at,
        )
    except EmailTaken:  # by somebody who was disabled, or by another organisation, of which nothing is said
        raise no_account() from None
    tell("user:joined", made, acting(made), at, directory=directory.pk, group=directory.group.pk)
    return made


def _name(text: str) -> str:
    name = " ".join(text.split())[:LONGEST_NAME].strip()
    return name if name.isprintable() else ""


def _bound(purpose: str, state: str) -> str:
    """What binds an answer to its question, and to the browser that keeps `state`."""
    return salted_hmac(f"paraph.authentication.directories.{purpose}", state, algorithm="sha256").hexdigest()
