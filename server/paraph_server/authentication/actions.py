"""Show that one is oneself, take second factors into use and give them up, open and end sessions."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from paraph_server.accounts import sign_in
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import every_tenant
from paraph_server.authentication import queries, totp, webauthn
from paraph_server.authentication.errors import (
    BadPasskey,
    FactorRequired,
    NoSuchPasskey,
    NoSuchSession,
    TooManyPasskeys,
    WrongFactor,
)
from paraph_server.authentication.models import FACTORS, Authenticator, Factor, Passkey, RecoveryCode, Session
from paraph_server.authentication.notices import tell
from paraph_server.journal.actions import Actor
from paraph_server.web.sealed import seal, unseal

TRIES = 5  # wrong codes in a quarter of an hour (`sign_in.WINDOW`): of 480 a day, each hits three codes in a million
RECOVERY_CODES = 10
RECOVERY_BYTES = 8  # 13 characters in Base32: nobody guesses them
MOST_PASSKEYS = 20

# ---------------------------------------------------------------- prove


def prove_by_code(user: User, entered: str, *, acting: Actor, at: datetime) -> Factor:
    """What an authenticator's code, or a recovery code, proves.

    A wrong one is counted and put on record, which is why this runs in transactions of its own.

    Raises:
        TooManySignIns: too many wrong ones; the right one is refused too.
        WrongFactor: neither; or it was used already.
    """
    sign_in.refuse_guessing(user.pk, acting.address, at, tries=TRIES)
    entered = "".join(entered.split())
    factor = _use_code(user, entered, at) or _use_recovery_code(user, entered)
    if factor is None:
        _refused(user, acting, at)
        raise WrongFactor(_("This code is not the right one, or was used already. Wait for the next one."))
    return factor


@transaction.atomic
def _use_code(user: User, entered: str, at: datetime) -> Factor | None:
    found = Authenticator.objects.select_for_update().filter(user=user).first()
    if found is None:
        return None
    step = totp.matching_step(unseal(bytes(found.secret)), entered, at=at, after=found.last_step)
    if step is None:
        return None
    found.last_step = step
    found.save(update_fields=["last_step"])
    return Factor.AUTHENTICATOR


def _use_recovery_code(user: User, entered: str) -> Factor | None:
    used, _rows = RecoveryCode.objects.filter(user=user, digest=_digest(user, entered)).delete()
    return Factor.RECOVERY_CODE if used else None


def prove_by_passkey(user: User, answer: str, challenge: bytes, *, acting: Actor, at: datetime) -> Factor:
    """What a passkey proves of somebody who is known already; raises as `prove_by_code` does."""
    sign_in.refuse_guessing(user.pk, acting.address, at, tries=TRIES)
    if not _use_passkey(answer, challenge, at, user=user):
        _refused(user, acting, at)
        raise WrongFactor(_wrong_passkey())
    return Factor.PASSKEY


def owner_by_passkey(answer: str, challenge: bytes, *, at: datetime) -> User:
    """Whose passkey answered; it was unlocked by its owner, so that no password is asked for; raises `WrongFactor`."""
    with every_tenant():
        found = _use_passkey(answer, challenge, at)
    if found is None:
        raise WrongFactor(_wrong_passkey())
    return found


@transaction.atomic
def _use_passkey(answer: str, challenge: bytes, at: datetime, user: User | None = None) -> User | None:
    found = Passkey.objects.select_for_update(of=("self",)).select_related("user__tenant")
    found = found.filter(credential_id=webauthn.named(answer), user__is_active=True)
    passkey = (found.filter(user=user) if user else found).first()
    count = webauthn.proven(passkey, answer, challenge, alone=user is None) if passkey else None
    if passkey is None or count is None:
        return None
    passkey.sign_count, passkey.last_used_at = count, at
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey.user


def _wrong_passkey() -> str:
    return _("This passkey does not open this account. Try again, or use another way.")


@transaction.atomic
def _refused(user: User, acting: Actor, at: datetime) -> None:
    sign_in.note_failure(user.pk, acting.address, at)
    tell("user:second-factor-refused", user, acting, at)


# ---------------------------------------------------------------- factors


@transaction.atomic
def add_authenticator(user: User, secret: str, code: str, *, acting: Actor, at: datetime) -> None:
    """Take an app into use that shows the right code; it replaces the one before. Raises `WrongFactor`."""
    step = totp.matching_step(secret, "".join(code.split()), at=at, after=0)
    if step is None:
        raise WrongFactor(_("This is not the code that your app should show. Is your telephone’s clock right?"))
    facts = {"secret": seal(secret), "last_step": step, "created_at": at, "tenant_id": user.tenant_id}
    Authenticator.objects.update_or_create(user=user, defaults=facts)
    tell("user:factor-added", user, acting, at, factor=Factor.AUTHENTICATOR)


@transaction.atomic
def remove_authenticator(user: User, *, acting: Actor, at: datetime) -> None:
    """Raises `FactorRequired`: it is the last second factor, and a group asks for one."""
    Authenticator.objects.filter(user=user).delete()
    _keep_required(user)
    tell("user:factor-removed", user, acting, at, factor=Factor.AUTHENTICATOR)


@transaction.atomic
def add_passkey(user: User, answer: str, challenge: bytes, *, name: str, acting: Actor, at: datetime) -> Passkey:
    """A passkey that a browser has made for somebody.

    Raises:
        BadPasskey: it answers another question, comes from another page, or is somebody's already.
        TooManyPasskeys: they have twenty.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # one at a time
    if queries.passkeys(user).count() >= MOST_PASSKEYS:
        raise TooManyPasskeys(_("You have enough passkeys. Remove one first."))
    made = webauthn.registered(answer, challenge)
    if made is None:
        raise BadPasskey(_("Your browser did not make a passkey for this page. Try again."))
    passkey = Passkey(
        tenant_id=user.tenant_id,
        user=user,
        name=name.strip() or _("Passkey"),
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        created_at=at,
    )
    try:
        with transaction.atomic():
            passkey.save(force_insert=True)
    except IntegrityError:
        raise BadPasskey(_("This passkey is known already.")) from None
    tell("user:factor-added", user, acting, at, factor=Factor.PASSKEY, name=passkey.name)
    return passkey


@transaction.atomic
def remove_passkey(user: User, passkey_id: str, *, acting: Actor, at: datetime) -> None:
    """Raises `NoSuchPasskey`, and `FactorRequired`: it is the last second factor, and a group asks for one."""
    passkey = Passkey.objects.filter(user=user, pk=passkey_id).first()
    if passkey is None:
        raise NoSuchPasskey(_("There is no such passkey."))
    passkey.delete()
    _keep_required(user)
    tell("user:factor-removed", user, acting, at, factor=Factor.PASSKEY, name=passkey.name)


@transaction.atomic
def make_recovery_codes(user: User, *, acting: Actor, at: datetime) -> list[str]:
    """Ten new ones, shown this once; those before are good no more."""
    codes = [
        base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().rstrip("=") for _one in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(tenant_id=user.tenant_id, user=user, digest=_digest(user, each)) for each in codes
    )
    tell("user:recovery-codes-made", user, acting, at)
    return [f"{each[:4]} {each[4:8]} {each[8:]}" for each in codes]


@transaction.atomic
def forget_factors(user: User, *, acting: Actor, at: datetime) -> None:
    """Somebody has lost all they had: their password opens the door again, and their sessions end."""
    for kind in FACTORS:
        kind._default_manager.filter(user=user).delete()  # noqa: SLF001  Django's documented name
    Session.objects.filter(user=user, ended_at=None).update(ended_at=at)
    tell("user:factors-reset", user, acting, at)


def _keep_required(user: User) -> None:
    if user.needs_second_factor and not queries.has_factor(user):
        raise FactorRequired(
            _("Your organisation asks you for a second factor. Add another one before you remove this.")
        )


def _digest(user: User, code: str) -> str:
    """A keyed digest, bound to the user: a row copied elsewhere in the table proves nothing there."""
    bound = f"{user.tenant_id} {user.pk} {code.upper()}"
    return salted_hmac("paraph.authentication.recovery", bound, algorithm="sha256").hexdigest()


# ---------------------------------------------------------------- sessions


@transaction.atomic
def open_session(user: User, factors: Sequence[Factor], *, acting: Actor, at: datetime) -> Session:
    """Somebody has shown who they are and is signed in."""
    session = Session.objects.create(
        tenant_id=user.tenant_id,
        user=user,
        bound_to=user.get_session_auth_hash(),
        factors=factors,
        address=acting.address,
        agent=acting.agent,
        opened_at=at,
        seen_at=at,
    )
    tell("user:signed-in", user, acting, at, session=session.pk, factors=list(factors))
    return session


@transaction.atomic
def end_session(session: Session, *, acting: Actor, at: datetime) -> None:
    """It opens no page any more; ending it again changes nothing."""
    if Session.objects.filter(pk=session.pk, ended_at=None).update(ended_at=at):
        tell("user:signed-out", session.user, acting, at, session=session.pk)


@transaction.atomic
def end_sessions(user: User, session_id: str, *, acting: Actor, at: datetime) -> None:
    """End one of somebody's sessions; raises `NoSuchSession`."""
    session = queries.sessions(user, at=at).select_related("user").filter(pk=session_id).first()
    if session is None:
        raise NoSuchSession(_("There is no such session."))
    end_session(session, acting=acting, at=at)


@transaction.atomic
def end_other_sessions(user: User, present: str, *, acting: Actor, at: datetime) -> None:
    """End all of somebody's sessions but the present one."""
    for session in queries.sessions(user, at=at).select_related("user").exclude(pk=present):
        end_session(session, acting=acting, at=at)


def forget(*, before: datetime) -> None:
    """Drop the sessions that have long been over."""
    with every_tenant():
        Session.objects.filter(seen_at__lt=before).delete()
