"""What an agent may do. It shows the secret that it made when it took a pairing up; no account is needed."""

import base64
import binascii
from typing import Annotated, Literal

from cryptography import x509
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.security import HttpBearer
from paraph import certs
from paraph.algorithms import SignatureAlgorithm
from paraph.errors import UnusableCertificate
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.cards import actions, codes, queries
from paraph_server.cards.errors import AgentTooOld
from paraph_server.cards.models import Pairing, State
from paraph_server.signing import brought, signers
from paraph_server.signing.queries import act, sessions
from paraph_server.web import address
from paraph_server.web.errors import BadInput
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import Document

PROTOCOL = 1
ALGORITHMS = [each for each in SignatureAlgorithm if not each.is_pure]
"""The best first; of RSA, what every card can do before what only some can."""
LARGEST = 64 * 1024
"""Characters of a certificate in Base64."""

Secret = Annotated[
    str,
    Field(
        min_length=43,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        examples=["3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ),
]
Encoded = Annotated[str, Field(max_length=LARGEST)]
PairingId = Annotated[str, Field(description="Of the pairing, as the claim answered it.", examples=["par_2hQ"])]


class AgentSecret(HttpBearer):
    """`Authorization: Bearer` with the secret of the claim."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:  # noqa: ARG002
        return token if len(token) <= 64 else None  # noqa: PLR2004  as `Secret`


router = Router(tags=["cards"], auth=AgentSecret())


class ClaimIn(Schema):
    """The code of the signing page, and a secret that the agent has made up."""

    protocol: int
    code: Annotated[str, Field(min_length=codes.LENGTH, max_length=codes.LENGTH, examples=["K7QD9XMR"])]
    secret: Secret
    agent: Annotated[str, Field(max_length=60)] = ""


class CertificateIn(Schema):
    """With which certificate the person wants to sign; DER in Base64."""

    certificate: Encoded
    chain: Annotated[list[Encoded], Field(max_length=8)] = []
    algorithm: Literal[tuple(each.name for each in ALGORITHMS)]  # type: ignore[valid-type]


class SignatureIn(Schema):
    document: Annotated[str, Field(max_length=32)]
    value: Annotated[str, Field(max_length=2048)]


class SignaturesIn(Schema):
    signatures: Annotated[list[SignatureIn], Field(min_length=1, max_length=5000)]


class FailureIn(Schema):
    """What is in the agent's way."""

    code: Annotated[str, Field(max_length=20, pattern=r"^[a-z-]+$", examples=["wrong-pin"])]
    final: bool = False


class ShownDocument(TypedDict):
    """A document as the signing page shows it."""

    id: Annotated[str, Field(examples=["doc_7Yk"])]
    name: str
    sha256: Annotated[str, Field(description="Of the file, in hexadecimal.")]
    pages: int


class DocumentToSign(ShownDocument):
    """What the card is asked for."""

    attributes: Annotated[str, Field(description="The signed attributes of its signature (RFC 5652), DER in Base64.")]


class Claimed(TypedDict):
    """Who asks whom to sign what: the agent shows it before anything else."""

    protocol: int
    id: PairingId
    check: Annotated[str, Field(description="Four digits that the signing page shows, too.", examples=["4712"])]
    expiresIn: Annotated[int, Field(description="Seconds.")]
    organisation: str
    sender: str
    signer: str
    title: str
    algorithms: Annotated[list[str], Field(description="With which a card may sign, the best first.")]
    documents: list[ShownDocument]


class Standing(TypedDict):
    """How far it is."""

    protocol: int
    state: Annotated[
        Literal["claimed", "checking", "refused", "ready", "received", "done", "over"],
        Field(description="`ready`: the card may sign; `refused`: present another certificate."),
    ]
    reason: str
    toSign: list[DocumentToSign]


class Noted(TypedDict):
    protocol: int


@router.post("/cards/pairings", auth=None, summary="Take up a pairing, by the signing page’s code", response=Claimed)
def claim(request: HttpRequest, payload: ClaimIn) -> Claimed:
    """For the agent on the signer's computer. Asked again with the same secret, it answers the same."""
    at, where = timezone.now(), address.of(request)
    if "Idempotency-Key" in request.headers:  # what is undone with a refused call would be counted no more
        raise BadInput(_("This call takes no Idempotency-Key: with the same secret, it may be made again."))
    if payload.protocol != PROTOCOL:
        raise AgentTooOld(_("This platform speaks protocol %(protocol)d. Update your agent.") % {"protocol": PROTOCOL})
    codes.count(where, at=at)
    found = queries.by_code(payload.code)
    with tenant_context(found.tenant_id):
        pairing = actions.claim(found, payload.secret, program=payload.agent, address=where, at=at)
        return _claimed(pairing)


@router.put("/cards/pairings/{pairing_id}/certificate", summary="Say with which certificate to sign", response=Standing)
def present(request: HttpRequest, pairing_id: str, payload: CertificateIn) -> Standing:
    """It is checked in the background: ask how far it is. When it is refused, another one may be presented."""
    found = _found(request, pairing_id)
    certificate, *chain = map(_certificate, (payload.certificate, *payload.chain))
    with tenant_context(found.tenant_id):
        algorithm = SignatureAlgorithm[payload.algorithm]
        return _standing(actions.present(found, certificate, chain, algorithm=algorithm, at=timezone.now()))


@router.get("/cards/pairings/{pairing_id}", summary="How far a pairing is", response=Standing)
def standing(request: HttpRequest, pairing_id: str) -> Standing:
    """With what is to be signed, once the card may sign."""
    found = _found(request, pairing_id)
    with tenant_context(found.tenant_id):
        return _standing(found)


@router.put("/cards/pairings/{pairing_id}/signatures", summary="Hand over what the card has signed", response=Standing)
def deliver(request: HttpRequest, pairing_id: str, payload: SignaturesIn) -> Standing:
    """One value for each document; ECDSA values are DER. All are taken, or none."""
    found = _found(request, pairing_id)
    values = {each.document: _decoded(each.value) for each in payload.signatures}
    if len(values) != len(payload.signatures):
        raise BadInput(_("A document is there twice."))
    with tenant_context(found.tenant_id):
        return _standing(actions.deliver(found, values, at=timezone.now()))


@router.post("/cards/pairings/{pairing_id}/failure", summary="Say what is in the agent’s way", response=Noted)
def fail(request: HttpRequest, pairing_id: str, payload: FailureIn) -> Noted:
    """The signing page shows it; after a final one the page offers another code."""
    found = _found(request, pairing_id)
    with tenant_context(found.tenant_id):
        actions.fail(found, payload.code, final=payload.final, at=timezone.now())
    return {"protocol": PROTOCOL}


def _found(request: HttpRequest, pairing_id: str) -> Pairing:
    return queries.by_secret(pairing_id, request.auth)  # type: ignore[attr-defined]  # set by ninja


def _claimed(pairing: Pairing) -> Claimed:
    of = act(pairing.act_id)
    lead = of.lead
    signer = signers.of(sessions(of)[0])
    return {
        "protocol": PROTOCOL,
        "id": pairing.pk,
        "check": pairing.check_number,
        "expiresIn": int((pairing.expires_at - timezone.now()).total_seconds()),
        "organisation": lead.workflow.tenant.name,
        "sender": lead.workflow.owner.name,
        "signer": signer.name,
        "title": lead.workflow.name,
        "algorithms": [each.name for each in ALGORITHMS],
        "documents": [_shown(each) for recipient in of.recipients for each in workflows.to_sign(recipient.workflow)],
    }


def _shown(document: Document) -> ShownDocument:
    return {
        "id": document.pk,
        "name": document.original.filename,
        "sha256": document.original.hash,
        "pages": document.original.pages or 0,
    }


def _standing(pairing: Pairing) -> Standing:
    state, reason = queries.standing(pairing, at=timezone.now())
    ready = sessions(act(pairing.act_id)) if state == State.READY else []
    return {
        "protocol": PROTOCOL,
        "state": state,  # type: ignore[typeddict-item]  # one of its words
        "reason": reason,
        "toSign": [
            {**_shown(each.document), "attributes": base64.b64encode(each.attributes).decode()}
            for one in ready
            for each in brought.to_sign(one)
        ],
    }


def _certificate(encoded: str) -> x509.Certificate:
    try:
        [found] = certs.read(_decoded(encoded))
    except (UnusableCertificate, ValueError):
        raise BadInput(_("This is not a certificate.")) from None
    return found


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(_("This is not Base64.")) from None
