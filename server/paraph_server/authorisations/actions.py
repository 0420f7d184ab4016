"""An authorisation's life: the signer goes to their provider and comes back, twice; what it signs there is the act.

Each visit has a state of its own that one browser keeps, and the first answer uses it up, before anything else is done
with it. What is asked of the provider is asked outside transactions: it may take its time, and what it answers is
written down in one.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.algorithms import Digest
from paraph.keys.csc.authorization import Scope
from procrastinate.contrib.django import app

from paraph_server.authorisations import credentials, queries
from paraph_server.authorisations.errors import NoProviderHere, NotAuthorised
from paraph_server.authorisations.models import LIFETIME, MOST_TRIES, Authorisation, State
from paraph_server.journal.actions import Actor, record
from paraph_server.providers import exchange
from paraph_server.providers.errors import NoCredential
from paraph_server.providers.exchange import Party
from paraph_server.providers.models import Provider
from paraph_server.signing import actions as signing
from paraph_server.signing import acts, brought, certificates, signers
from paraph_server.signing.acts import By
from paraph_server.signing.errors import NotPrepared
from paraph_server.signing.queries import Act, act, key_holder, sessions
from paraph_server.web.errors import PlatformError
from paraph_server.web.sealed import seal, unseal
from paraph_server.workflows.models import KeyHolder

PREPARE = "paraph_server.authorisations.tasks.prepare"
ENDS = {State.RECEIVED, State.OVER}


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody is on their way to a provider."""

    authorisation: Authorisation
    state: str
    """For their browser alone."""
    address: str


# ---------------------------------------------------------------- the first visit: whose certificates


def begin(
    of: Act,
    provider: Provider,
    *,
    held: Collection[str],
    mark: str | None = "",
    comment: str = "",
    language: str = "en",
    by: By,
    at: datetime,
) -> Departure:
    """Send a signer to their provider, to sign in there. The authorisation before it is over.

    Raises:
        NoProviderHere: nobody signs with a provider here.
        ProviderUnavailable, ProviderRefused: it does not answer.
        NotAccepted, NotProven, NotDelegated, BadMark: as `signing.actions.request_signature`.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: nothing is to be signed.
    """
    if not all(key_holder(each) == KeyHolder.PROVIDER for each in of.recipients):
        raise NoProviderHere(_("Here one does not sign with a trust service provider."))
    state = secrets.token_urlsafe(32)
    party = Party.of(provider)
    address = exchange.page(party, Scope.SERVICE, state=state, lang=language)
    with transaction.atomic():
        acts.hold(of)
        for each in of.recipients:
            signing.begin(each, held=held, mark=mark, by=by(each), at=at)
        Authorisation.objects.filter(act_id=of.id).exclude(state__in=ENDS).update(state=State.OVER, token=None)
        begun = Authorisation.objects.create(
            tenant_id=of.lead.tenant_id,
            recipient=of.lead,
            act_id=of.id,
            provider=provider,
            party=party.sealed(),
            held=list(held),
            comment=comment,
            created_at=at,
            expires_at=at + LIFETIME,
            question=queries.question(state),
        )
        _tell("authorisation:begun", begun, at, provider=provider.pk)
    return Departure(begun, state, address)


def come_back(authorisation_id: str, *, state: str, code: str, at: datetime) -> Authorisation:
    """The provider's answer, brought by the browser that left with `state`. Each is taken once.

    What was refused stays on record: call it outside any transaction.

    Raises:
        AuthorisationOver: the answer comes too late, or a second time.
        NotAuthorised: the signer gave no leave.
        ProviderUnavailable, ProviderRefused, NoCredential: nothing comes of it.
        NotPrepared, WrongSignature, NotYourTurn, WorkflowOver …: as `brought.sign`.
    """
    taken = _take(authorisation_id, state, at)
    try:
        if not code:
            raise NotAuthorised(_("You came back without having given leave. Nothing was signed."))
        if taken.state == State.AWAY:
            return _receive_certificates(taken, state, code, at)
        return _receive_signatures(taken, state, code, at)
    except PlatformError as reason:
        _fail(taken, reason, at)
        raise


@transaction.atomic(durable=True)
def _take(authorisation_id: str, state: str, at: datetime) -> Authorisation:
    """Only one answer counts, whatever becomes of it."""
    found = Authorisation.objects.select_for_update(of=("self",)).select_related("provider").get(pk=authorisation_id)
    if found.is_over(at) or not found.question or found.question != queries.question(state):
        raise queries.over()
    if found.provider.removed_at:
        raise queries.over()
    found.question = ""
    found.save(update_fields=["question"])
    return found


def _receive_certificates(taken: Authorisation, state: str, code: str, at: datetime) -> Authorisation:
    party = _party(taken)
    token = exchange.token(party, code, state=state)
    found = exchange.credentials(party, token)
    with transaction.atomic():
        authorisation = _locked(taken, {State.AWAY}, at=at)
        authorisation.token = seal(token)
        authorisation.credentials = [credentials.written(each) for each in found]
        authorisation.state, authorisation.expires_at = State.CHOOSING, at + LIFETIME
        authorisation.save()
        return choose(authorisation, found[0].id, at=at) if len(found) == 1 else authorisation


@transaction.atomic
def choose(authorisation: Authorisation, credential_id: str, *, at: datetime) -> Authorisation:
    """Sign with this certificate; the worker looks at it. Said twice, it is done once.

    Raises:
        AuthorisationOver: it is too late.
        NoCredential: it is none of those that the provider keeps for the signer.
    """
    authorisation = _locked(authorisation, {State.CHOOSING, State.CHECKING}, at=at)
    if authorisation.state == State.CHECKING:
        return authorisation
    if credential_id not in {each["id"] for each in authorisation.credentials}:
        raise NoCredential(_("Choose one of your certificates."))
    _count(authorisation)
    authorisation.chosen, authorisation.state, authorisation.reason = credential_id, State.CHECKING, ""
    authorisation.save()
    defer(authorisation)
    return authorisation


def defer(authorisation: Authorisation, *, wait: timedelta | None = None) -> None:
    """Have the certificate looked at and the documents prepared."""
    job = app.configure_task(
        PREPARE,
        allow_unknown=False,
        lock=f"workflow:{authorisation.recipient.workflow.pk}",
        schedule_in={"seconds": int(wait.total_seconds())} if wait else None,
    )
    job.defer(tenant_id=authorisation.tenant_id, authorisation_id=authorisation.pk)


@transaction.atomic
def settle(authorisation_id: str, state: State, reason: str = "", *, at: datetime) -> None:
    """The worker has looked: leave may be given, or the certificate does not do, or nothing is to be signed."""
    authorisation = Authorisation.objects.select_for_update().get(pk=authorisation_id)
    if authorisation.state != State.CHECKING:
        return
    authorisation.state, authorisation.reason, authorisation.expires_at = state, reason, at + LIFETIME
    authorisation.save(update_fields=["state", "reason", "expires_at"])
    facts = certificates.named(credentials.read(authorisation.kept).certificate)
    event = {State.READY: "authorisation:prepared"}.get(state, "authorisation:refused")
    _tell(event, authorisation, at, certificate=facts, **({"reason": reason} if reason else {}))


# ---------------------------------------------------------------- the second visit: leave for these digests


def leave(authorisation: Authorisation, *, language: str = "en", at: datetime) -> Departure:
    """Send a signer to their provider, to give leave for what was prepared: all documents, and nothing else.

    Raises:
        AuthorisationOver, NotPrepared: it is too late.
        ProviderUnavailable, ProviderRefused: the provider does not answer.
    """
    authorisation = _locked(authorisation, {State.READY, State.ASKED}, at=at)
    party, wanted = _party(authorisation), brought.digests(act(authorisation.act_id))
    if not wanted:
        raise queries.over()
    asked = exchange.asked(party, credentials.read(authorisation.kept), list(wanted.values()))
    state = secrets.token_urlsafe(32)
    address = exchange.page(party, Scope.CREDENTIAL, state=state, lang=language, **asked)
    with transaction.atomic():
        of = act(authorisation.act_id)
        brought.hold(of, at=at)
        authorisation = _locked(authorisation, {State.READY, State.ASKED}, at=at)
        if brought.digests(of) != wanted:
            raise queries.over()
        _count(authorisation)
        authorisation.state, authorisation.reason, authorisation.expires_at = State.ASKED, "", at + LIFETIME
        authorisation.question, authorisation.digests = queries.question(state), _written(wanted)
        authorisation.save()
    return Departure(authorisation, state, address)


def _receive_signatures(taken: Authorisation, state: str, code: str, at: datetime) -> Authorisation:
    """Leave was given: have exactly that signed, and take it for the act."""
    wanted = brought.digests(act(taken.act_id))
    if _written(wanted) != taken.digests:
        raise NotPrepared(_("This took too long, or somebody else has signed meanwhile. Please start again."))
    party = _party(taken)
    given = exchange.token(party, code, state=state)
    token = unseal(taken.token or b"")
    made = exchange.sign(party, token, credentials.read(taken.kept), list(wanted.values()), leave=given)
    with transaction.atomic():
        of = act(taken.act_id)
        acts.hold(of)
        authorisation = _locked(taken, {State.ASKED}, at=at)
        values = dict(zip(wanted, made, strict=True))
        brought.sign(of, values, proof=taken.pk, held=taken.held, comment=taken.comment, at=at)
        authorisation.state, authorisation.token, authorisation.credentials = State.RECEIVED, None, []
        authorisation.party = None
        authorisation.save(update_fields=["state", "token", "credentials", "party"])
        _tell("authorisation:given", authorisation, at, digests=authorisation.digests)
    return authorisation


def _party(authorisation: Authorisation) -> Party:
    """The provider whom the signer left for, though it may have been written down anew since."""
    if authorisation.party is None:
        return Party.of(authorisation.provider)
    return Party.unsealed(bytes(authorisation.party)).newer(authorisation.provider)


def _written(digests: dict[str, Digest]) -> dict[str, str]:
    return {document: digest.hex for document, digest in digests.items()}


@transaction.atomic
def _fail(taken: Authorisation, reason: PlatformError, at: datetime) -> None:
    """Nothing came of a visit: after the second one, leave may be asked for again while the documents wait."""
    authorisation = Authorisation.objects.select_for_update().get(pk=taken.pk)
    if authorisation.state in ENDS:
        return
    again = authorisation.state == State.ASKED and not isinstance(reason, NotPrepared)
    authorisation.state, authorisation.reason = State.READY if again else State.OVER, str(reason)
    if not again:
        authorisation.token = None
        brought.release(act(taken.act_id), at=at)
    authorisation.save(update_fields=["state", "reason", "token"])
    _tell("authorisation:failed", authorisation, at, reason=reason.code)


def _locked(authorisation: Authorisation, states: Collection[State], *, at: datetime) -> Authorisation:
    """The same as the database has it now; nobody else changes it until this transaction ends.

    Raises:
        AuthorisationOver: it is too late, or not its turn.
    """
    with transaction.atomic():
        found = Authorisation.objects.select_for_update(of=("self",)).select_related("provider", "recipient")
        authorisation = found.get(pk=authorisation.pk)
    if authorisation.is_over(at) or authorisation.state not in states:
        raise queries.over()
    return authorisation


def _count(authorisation: Authorisation) -> None:
    authorisation.tries += 1
    if authorisation.tries > MOST_TRIES:
        raise queries.over()


def _tell(event: str, authorisation: Authorisation, at: datetime, **details: object) -> None:
    """What is done for an authorisation is done by whoever signs, in the browser that they began in."""
    of = act(authorisation.act_id)
    session = sessions(of)[0]
    by: Actor = signers.actor(of.lead, session.deputy, address=session.address, agent=session.agent)
    facts = {"recipient": of.lead.pk, "authorisation": authorisation.pk}
    record(event, tenant=authorisation.tenant_id, subject=of.lead.workflow.pk, by=by, at=at, **facts, **details)
