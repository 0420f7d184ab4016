"""The CSC API v2: what credentials there are, authorisation, signatures; and our own call to issue one."""

from base64 import b64encode
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST
from paraph.algorithms import SignatureAlgorithm

from paraph_trust.authority.queries import chain
from paraph_trust.clients.api import Answer, endpoint
from paraph_trust.clients.models import Client
from paraph_trust.signing import actions, queries
from paraph_trust.signing.models import Credential
from paraph_trust.signing.requests import (
    MOST_SIGNATURES,
    AuthorizeRequest,
    InfoRequest,
    IssueRequest,
    ListRequest,
    SignRequest,
)

CURVES = {"secp256r1": "1.2.840.10045.3.1.7", "secp384r1": "1.3.132.0.34", "secp521r1": "1.3.132.0.35"}


@require_POST
def info(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  Django's signature
    """What this service speaks (CSC API v2 §11.1); open to everyone."""
    return JsonResponse(
        {
            "specs": "2.0.0.0",
            "name": "Paraph Trust",
            "region": "EU",
            "lang": "en",
            "description": "Certificates in people's names, seals and time-stamps.",
            "authType": ["external"],
            "asynchronousOperationMode": False,
            "methods": [
                "credentials/list",
                "credentials/info",
                "credentials/authorize",
                "signatures/signHash",
                "signatures/timestamp",
            ],
            "signAlgorithms": {"algos": [each.oid for each in SignatureAlgorithm if not each.is_pss]},
        }
    )


@endpoint(ListRequest)
def credentials(client: Client, request: ListRequest) -> Answer:
    """Name the credentials of a client that can sign (CSC API v2 §11.4)."""
    found = queries.usable(client.name, at=datetime.now(UTC)).filter(pk__gt=request.pageToken)
    names = list(found.values_list("pk", flat=True)[: request.maxResults + 1])
    page = names[: request.maxResults]
    return {"credentialIDs": page} | ({"nextPageToken": page[-1]} if len(names) > len(page) else {})


@endpoint(InfoRequest)
def credential(client: Client, request: InfoRequest) -> Answer:
    """Describe a credential (CSC API v2 §11.5)."""
    found = queries.lent(client.name, request.credentialID)
    return {
        "key": _key(found),
        "cert": _certificate(found, request, at=datetime.now(UTC)),
        "auth": {"mode": "implicit"},
        "SCAL": "2",
        "multisign": MOST_SIGNATURES,
        "lang": "en",
    }


@endpoint(IssueRequest)
def issue(client: Client, request: IssueRequest) -> Answer:
    """Make a key and a certificate in a person's name, for one signature; not part of the CSC API."""
    found = actions.issue(request, client=client.name, at=datetime.now(UTC))
    return {
        "credentialID": found.pk,
        "cert": {"certificates": _base64(chain(found.certificate))},
        "expires": _time(found.certificate.not_after),
    }


@endpoint(AuthorizeRequest)
def authorize(client: Client, request: AuthorizeRequest) -> Answer:
    """Give leave to sign these hashes (CSC API v2 §11.6)."""
    secret = actions.authorise(request, client=client.name, at=datetime.now(UTC))
    return {"SAD": secret, "expiresIn": int(actions.AUTHORISED_FOR.total_seconds())}


@endpoint(SignRequest)
def sign_hash(client: Client, request: SignRequest) -> Answer:
    """Sign hashes that were authorised (CSC API v2 §11.10)."""
    signatures = actions.sign(request, client=client.name, at=datetime.now(UTC))
    return {"signatures": [b64encode(value).decode() for value in signatures]}


def _key(credential: Credential) -> Answer:
    key = credential.certificate.parsed.public_key()
    status = {"status": "disabled" if credential.destroyed_at else "enabled"}
    algorithm = {"algo": [SignatureAlgorithm.for_key(key).value]}
    if isinstance(key, ec.EllipticCurvePublicKey):
        return {**status, **algorithm, "len": key.key_size, "curve": CURVES[key.curve.name]}
    assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101  for_key accepts no third kind
    return {**status, **algorithm, "len": key.key_size}


def _certificate(credential: Credential, request: InfoRequest, *, at: datetime) -> Answer:
    certificate = credential.certificate.parsed
    answer: Answer = {"status": _status(credential, at=at)}
    if request.certificates != "none":
        shown = chain(credential.certificate) if request.certificates == "chain" else (certificate,)
        answer["certificates"] = _base64(shown)
    if request.certInfo:
        answer |= {
            "issuerDN": certificate.issuer.rfc4514_string(),
            "serialNumber": credential.certificate.serial,
            "subjectDN": certificate.subject.rfc4514_string(),
            "validFrom": _time(certificate.not_valid_before_utc),
            "validTo": _time(certificate.not_valid_after_utc),
        }
    return answer


def _status(credential: Credential, *, at: datetime) -> str:
    if credential.certificate.revoked_at:
        return "revoked"
    return "expired" if credential.certificate.not_after <= at else "valid"


def _base64(certificates: tuple[x509.Certificate, ...]) -> list[str]:
    return [b64encode(each.public_bytes(Encoding.DER)).decode() for each in certificates]


def _time(moment: datetime) -> str:
    """GeneralizedTime, as the API writes validities."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")
