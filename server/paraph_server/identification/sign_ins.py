"""People go to an identity provider and come back; what that proves is decided here.

A sign-in is begun for one person and one browser, which keeps `state`; nonce and PKCE verifier are derived from it, so
that an answer fits no other sign-in. The first answer uses it up, before anything else is done with it.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from paraph.evidence import Proof

from paraph_server.accounts.models import User
from paraph_server.identification import names, providers
from paraph_server.identification.errors import (
    Abandoned,
    NotBegun,
    NothingToReview,
    OtherPerson,
    ReviewPending,
    StaleAnswer,
    TooManyCodes,
)
from paraph_server.identification.models import Provider, SignIn
from paraph_server.identification.names import Match, Proven, Verdict
from paraph_server.identification.openid import exchange, tokens
from paraph_server.identification.openid.exchange import Identity
from paraph_server.journal.actions import Actor, record
from paraph_server.web.errors import PlatformError
from paraph_server.web.sealed import seal, unseal

Error = TypeVar("Error", bound=PlatformError)
LASTS = timedelta(minutes=10)
"""Between leaving for the provider and coming back."""
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20
KEPT = timedelta(days=7 * 365 + 2)
"""For how long an identity that was proven stays (ETSI EN 319 411-1, OVR-6.4.6-01: seven years)."""
KEPT_UNUSED = timedelta(days=90)
"""For how long one stays that proved nothing."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody is on their way."""

    sign_in: str
    state: str
    """For their browser alone."""
    address: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody has come back and proven who they are."""

    proof: Proof
    id_token: str
    """With which they sign out there."""
    provider: Provider


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom the answer must name."""

    first_name: str
    last_name: str


def begin(provider: Provider, *, subject: str, language: str, by: Actor, at: datetime) -> Departure:
    """Send somebody to a provider.

    Raises:
        ProviderUnavailable: it does not answer.
        TooManyCodes: they went there too often.
    """
    state = secrets.token_urlsafe(32)
    address = exchange.address(
        providers.party(provider), state=state, nonce=_nonce(state), verifier=_verifier(state), language=language
    )
    with transaction.atomic():
        recent = SignIn.objects.filter(subject=subject, began_at__gt=at - AN_HOUR)
        if len(recent.values_list("pk")[:MOST_AN_HOUR]) == MOST_AN_HOUR:
            raise TooManyCodes(_("You tried this too often. Try again in an hour."), retry_after=3600)
        begun = SignIn.objects.create(tenant_id=provider.tenant_id, provider=provider, subject=subject, began_at=at)
        _tell("identity:asked", begun, by, at)
    return Departure(begun.pk, state, address)


def abandon(sign_in: str, *, by: Actor, at: datetime) -> Abandoned:
    """They came back without having signed in."""
    return _refused(_use(sign_in, at), Abandoned(_("You came back without having signed in there.")), by, at)


def finish(sign_in: str, *, state: str, code: str, issuer: str, invited: Invited, by: Actor, at: datetime) -> Arrival:
    """What somebody proves who comes back with a code; `issuer` is who says to have sent them (RFC 9207), or nothing.

    What was refused stays on record: call it outside any transaction.

    Raises:
        NotBegun, StaleAnswer: the sign-in was used, or its time is over.
        ProviderUnavailable, UntrustedAnswer, TooWeak: the answer is not to be had, or not to be believed.
        OtherPerson: it names somebody else.
        ReviewPending: the names leave doubt; somebody was asked to decide.
    """
    used = _use(sign_in, at)
    try:
        if issuer not in {"", used.provider.issuer}:
            raise tokens.untrusted()
        identity = exchange.identify(
            providers.party(used.provider), code, nonce=_nonce(state), verifier=_verifier(state), at=at
        )
    except PlatformError as error:
        raise _refused(used, error, by, at) from error
    outcome = _judge(used, identity, invited, by, at)
    if isinstance(outcome, PlatformError):
        raise outcome
    return Arrival(outcome, identity.token.signed, used.provider)


@transaction.atomic(durable=True)
def _use(sign_in: str, at: datetime) -> SignIn:
    """Only one answer counts, whatever becomes of it."""
    found = SignIn.objects.select_for_update(of=("self",)).select_related("provider").get(pk=sign_in)
    if found.used_at:
        raise NotBegun(_("This sign-in was used already. Please start again."))
    if at - found.began_at >= LASTS or found.provider.removed_at:
        raise StaleAnswer(_("Your sign-in took too long to reach us, and is not good any more. Please start again."))
    found.used_at = at
    found.save(update_fields=["used_at"])
    return found


@transaction.atomic(durable=True)
def _refused(used: SignIn, error: Error, by: Actor, at: datetime) -> Error:
    used.outcome, used.problem = SignIn.Outcome.REFUSED, error.code
    used.save(update_fields=["outcome", "problem"])
    _tell("identity:refused", used, by, at, problem=error.code)
    return error


@transaction.atomic(durable=True)
def _judge(used: SignIn, identity: Identity, invited: Invited, by: Actor, at: datetime) -> Proof | PlatformError:
    match = names.compare(invited.first_name, invited.last_name, identity.names)
    used.acr, used.score, used.reasons = identity.token.acr[:100], match.score, list(match.reasons)
    used.match = _person(used, identity, invited)
    reviewed = match.verdict is Verdict.DOUBTFUL and _accepted(used)
    proves = reviewed or match.verdict is Verdict.SAME
    used.outcome = _outcome(match, proves=proves)
    used.identity = seal(json.dumps(_kept(identity, invited)))
    used.keep_until = (at + (KEPT if proves else KEPT_UNUSED)).date()
    error = None if proves else _error(match)
    used.problem = error.code if error else ""
    used.save()
    _tell(f"identity:{used.outcome}", used, by, at, acr=used.acr, score=str(match.score), reasons=used.reasons)
    return error or _proof(used, identity, "reviewed" if reviewed else "same", at)


def _outcome(match: Match, *, proves: bool) -> SignIn.Outcome:
    if proves:
        return SignIn.Outcome.PROVEN
    return SignIn.Outcome.DOUBTFUL if match.verdict is Verdict.DOUBTFUL else SignIn.Outcome.REFUSED


def _error(match: Match) -> PlatformError:
    if match.verdict is Verdict.DOUBTFUL:
        return ReviewPending(
            _("Your name there is not quite the one in the invitation. We asked the sender whether it is yours.")
        )
    return OtherPerson(_("You signed in under another name than that of the invitation, so this is not your turn."))


def _kept(identity: Identity, invited: Invited) -> dict[str, str | list[str]]:
    token = identity.token
    return {
        "invited": [invited.first_name, invited.last_name],
        **asdict(identity.names),
        "birthdate": identity.birthdate,
        "sub": token.sub,
        "auth_time": token.auth_time.isoformat() if token.auth_time else "",
        "amr": " ".join(token.amr),
    }


def _proof(used: SignIn, identity: Identity, how: str, at: datetime) -> Proof:
    """What is stated in the evidence: who vouches, how surely, under which names and pseudonym; no date of birth."""
    provider, token = used.provider, identity.token
    said = " ".join(filter(None, (identity.names.given_names, identity.names.family_name)))
    return Proof(
        used.pk,
        provider.means,
        at.astimezone(UTC).isoformat(),
        assurance=providers.worth(provider, token.acr),
        names=how,
        address=f"{provider.name}, {provider.issuer}",
        issued_at=token.auth_time.astimezone(UTC).isoformat() if token.auth_time else "",
        detail="; ".join(filter(None, (said, token.acr, f"sub {token.sub}"))),
    )


def proven(proof_id: str) -> Proven | None:
    """The names that a proof rests on; None where it is none of these, or they were forgotten."""
    used = SignIn.objects.filter(pk=proof_id).first()
    found = compared(used) if used else None
    return found[1] if found else None


# ---------------------------------------------------------------- review


def waiting(subjects: list[str]) -> list[SignIn]:
    """The sign-ins that somebody has to decide on: of each person the newest."""
    found = SignIn.objects.filter(subject__in=subjects, outcome=SignIn.Outcome.DOUBTFUL).select_related("provider")
    return list({each.match: each for each in found.order_by("began_at")}.values())


def find(sign_in: str) -> SignIn:
    """Raises `NothingToReview`."""
    found = SignIn.objects.select_related("provider").filter(pk=sign_in).first()
    if found is None:
        raise NothingToReview(_("There is nothing to decide."))
    return found


def review(subject: str) -> str:
    """Whether somebody's names wait for a decision, and which one it was; "" if there is nothing to decide."""
    newest = SignIn.objects.filter(subject=subject).exclude(outcome=SignIn.Outcome.BEGUN).order_by("-began_at").first()
    if newest is None or not (newest.decided_at or newest.outcome == SignIn.Outcome.DOUBTFUL):
        return ""
    return newest.outcome


def compared(sign_in: SignIn) -> tuple[Invited, Proven] | None:
    """The names that were written, and those that were proven; None once that was forgotten."""
    if sign_in.identity is None:
        return None
    kept = json.loads(unseal(sign_in.identity))
    return Invited(*kept["invited"]), Proven(kept["given_names"], kept["family_name"], kept["usual_name"])


@transaction.atomic
def decide(sign_in: SignIn, *, accepted: bool, reason: str, user: User, by: Actor, at: datetime) -> SignIn:
    """Say whether the proven names are those of the invited person. Who is accepted signs in once more.

    Raises:
        NothingToReview: it was decided already.
    """
    found = SignIn.objects.select_for_update().get(pk=sign_in.pk)
    if found.outcome != SignIn.Outcome.DOUBTFUL:
        raise NothingToReview(_("This was decided already."))
    alike = SignIn.objects.filter(subject=found.subject, match=found.match, outcome=SignIn.Outcome.DOUBTFUL)
    outcome = SignIn.Outcome.ACCEPTED if accepted else SignIn.Outcome.REFUSED
    alike.update(outcome=outcome, decided_at=at, decided_by=user, decision=reason, problem="")
    found.refresh_from_db()
    _tell(f"identity:{outcome}", found, by, at, reason=reason)
    return found


def _accepted(used: SignIn) -> bool:
    """Whether somebody decided that this person, under these names, is the one invited under those."""
    return SignIn.objects.filter(
        subject=used.subject, provider=used.provider, match=used.match, outcome=SignIn.Outcome.ACCEPTED
    ).exists()


def forget(*, at: datetime) -> int:
    """Drop the identities whose time is over; what was decided on them stays. How many those were."""
    over = SignIn.objects.filter(identity__isnull=False, keep_until__lt=at.date())
    return over.update(identity=None)


# ---------------------------------------------------------------- what binds an answer to its question


def _nonce(state: str) -> str:
    return salted_hmac("paraph.identification.openid.nonce", state, algorithm="sha256").hexdigest()


def _verifier(state: str) -> str:
    return salted_hmac("paraph.identification.openid.verifier", state, algorithm="sha256").hexdigest()


def _person(used: SignIn, identity: Identity, invited: Invited) -> str:
    bound = json.dumps([used.provider_id, identity.token.sub, asdict(identity.names), asdict(invited)])
    return salted_hmac("paraph.identification.openid.person", bound, algorithm="sha256").hexdigest()


def _tell(event: str, sign_in: SignIn, by: Actor, at: datetime, **details: object) -> None:
    facts = {"sign_in": sign_in.pk, "provider": sign_in.provider_id, **details}
    record(event, tenant=sign_in.tenant_id, subject=sign_in.subject, by=by, at=at, **facts)
