"""One-time codes: issued, sent elsewhere, and proven here.

A code is six random digits, good for ten minutes and once, tried five times at most; at most five are issued an hour,
and none any more after 50 wrong tries: whoever guesses for as long as they like hits once in 20 000 invitations. Only
an HMAC of it is stored; comparing takes constant time.
"""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from paraph.evidence import Means, Proof

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.identification import addresses
from paraph_server.identification.errors import (
    ExpiredCode,
    GuessedTooOften,
    LockedCode,
    NoCode,
    TooManyCodes,
    UsedCode,
    WrongCode,
)
from paraph_server.identification.models import TRIES, Code
from paraph_server.journal.actions import Actor, record
from paraph_server.web.errors import PlatformError

DIGITS = 6
CODES_PER_HOUR = 5
MOST_WRONG = 50
HOUR = timedelta(hours=1)
BY_CHANNEL = {"email": Means.EMAIL_CODE, "sms": Means.SMS_CODE, "voice": Means.VOICE_CODE}


@transaction.atomic
def issue_code(
    tenant: Tenant | str,
    *,
    subject: str,
    channel: Literal["email", "sms", "voice"],
    address: str,
    at: datetime,
    by: Actor | None = None,
) -> str:
    """A new code for a subject, in clear, this once; the one before it no longer counts.

    Raises:
        TooManyCodes: five were issued in the last hour.
        GuessedTooOften: somebody has tried too many wrong ones; only another invitation helps.
        BadAddress: nothing can be sent there.
    """
    canonical = addresses.email(address) if channel == "email" else addresses.phone_number(address)
    _one_at_a_time(subject)
    _refuse_floods(subject, at)
    _refuse_guessing(subject)
    clear = "".join(secrets.choice("0123456789") for _place in range(DIGITS))
    code = Code(tenant_id=id_of(tenant), subject=subject, channel=channel, address=canonical, issued_at=at)
    code.digest = _digest(code, clear)
    code.save(force_insert=True)
    _tell("code:issued", code, by, at)
    return clear


def verify_code(tenant: Tenant | str, *, subject: str, code: str, at: datetime, by: Actor | None = None) -> Proof:
    """What entering this code proves.

    Each try is committed, also when the answer is no. Call it outside any transaction: one that is rolled back because
    of the refusal would give the try back.

    Raises:
        WrongCode, ExpiredCode, LockedCode, UsedCode, NoCode: it proves nothing.
        RuntimeError: called within a transaction.
    """
    outcome = _try(id_of(tenant), subject, code, at, by)
    if isinstance(outcome, PlatformError):
        raise outcome
    return outcome


@transaction.atomic(durable=True)
def _try(tenant_id: str, subject: str, entered: str, at: datetime, by: Actor | None) -> Proof | PlatformError:
    code = Code.objects.select_for_update().filter(tenant_id=tenant_id, subject=subject).order_by("-issued_at").first()
    if code is None:
        return NoCode(_("Ask for a code first."))
    if code.used_at:
        return UsedCode(_("This code was used already. Ask for a new one."))
    if code.tries >= TRIES:
        return _locked()
    if at >= code.expires_at:
        return ExpiredCode(_("This code has expired. Ask for a new one."))
    code.tries += 1
    right = hmac.compare_digest(code.digest, _digest(code, "".join(entered.split())))
    if right:
        code.used_at = at
    code.save(update_fields=["tries", "used_at"])
    _tell("code:accepted" if right else "code:refused", code, by, at, tries=code.tries)
    if right:
        issued, verified = (moment.astimezone(UTC).isoformat() for moment in (code.issued_at, at))
        return Proof(
            code.pk, BY_CHANNEL[code.channel], verified, address=code.address, issued_at=issued, tries=code.tries
        )
    return _wrong(TRIES - code.tries) if code.tries < TRIES else _locked()


def _wrong(remaining: int) -> WrongCode:
    message = ngettext(
        "This is not the code we sent. You can try once more.",
        "This is not the code we sent. You can try %(remaining)d more times.",
        remaining,
    )
    return WrongCode(message % {"remaining": remaining}, remaining=remaining)


def _locked() -> LockedCode:
    return LockedCode(_("Too many wrong tries. Ask for a new code."))


def _one_at_a_time(subject: str) -> None:
    """Two requests at once must not both be the fifth."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"code:{subject}"])


def _refuse_floods(subject: str, at: datetime) -> None:
    recent = Code.objects.filter(subject=subject, issued_at__gt=at - HOUR).order_by("-issued_at")
    issued = list(recent.values_list("issued_at", flat=True)[:CODES_PER_HOUR])
    if len(issued) == CODES_PER_HOUR:
        wait = issued[-1] + HOUR - at
        raise TooManyCodes(
            _("Too many codes were asked for. Try again in an hour."), retry_after=int(wait.total_seconds()) + 1
        )


def _refuse_guessing(subject: str) -> None:
    found = Code.objects.filter(subject=subject).aggregate(tries=Sum("tries", default=0), right=Count("used_at"))
    if found["tries"] - found["right"] >= MOST_WRONG:
        raise GuessedTooOften(
            _("Too many wrong codes were entered for this invitation. Ask its sender for another one.")
        )


def _digest(code: Code, clear: str) -> str:
    """A keyed digest, bound to this very code: a row copied elsewhere in the table proves nothing there."""
    bound = f"{code.pk} {code.tenant_id} {code.subject} {code.address} {clear}"
    return salted_hmac("paraph.identification.code", bound, algorithm="sha256").hexdigest()


def _tell(event: str, code: Code, by: Actor | None, at: datetime, **details: int) -> None:
    record(
        event,
        tenant=code.tenant_id,
        subject=code.subject,
        by=by or Actor("recipient", code.subject),
        at=at,
        code=code.pk,
        channel=code.channel,
        address=code.address,
        **details,
    )
