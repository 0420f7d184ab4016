"""Who holds the key with which somebody signs; the way a signature is made is the same for all of them.

The trust service makes a key and a certificate for one signature, and signs when it is asked. A signer with a card, or
with a provider who keeps a key for them, brings a certificate, is told what to sign, and gives the signatures before
the worker takes them up (`brought`).
"""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext as _
from paraph.keys.csc import Credential
from paraph.pki import PersonSubject
from paraph.signatures import Pending

from paraph_server import trust
from paraph_server.identification import sign_ins
from paraph_server.signing import levels, queries, signers
from paraph_server.signing.errors import SignAgain
from paraph_server.signing.models import PendingSignature, Signing

LONGEST_NAME = 64
VALIDITY = timedelta(hours=1)
"""Of a certificate made for one signature."""


class Holder(Protocol):
    """Whoever has the key."""

    def credential(self, signing: Signing) -> Credential:
        """The certificate to sign with, always the same for one attempt.

        Raises:
            Unavailable: nobody answers; try again later.
            SignAgain: the signer has to come back.
        """

    def sign(self, credential: Credential, prepared: Sequence[PendingSignature]) -> list[bytes]:
        """The signature values; asked again, the same. Raises as `credential` does."""

    def good_until(self, signing: Signing) -> datetime:
        """Until when what is signed with the certificate can be completed."""


class TrustService:
    """Makes a key for one signature, and destroys it with that."""

    def credential(self, signing: Signing) -> Credential:
        if signing.certificate:
            return kept(signing)
        subject = _subject(signing)
        request_id, level = f"{signing.pk}:{signing.attempt}", levels.of(signing) or ""
        credential = trust.signing_service().issue(request_id, subject, level=level, validity=VALIDITY)
        keep(signing, credential, until=credential.expires)
        return credential

    def sign(self, credential: Credential, prepared: Sequence[PendingSignature]) -> list[bytes]:
        digests = [Pending.from_bytes(bytes(each.state)).digest for each in prepared]
        return trust.signing_service().sign_with(credential, digests)

    def good_until(self, signing: Signing) -> datetime:
        assert signing.certificate_expires_at is not None  # noqa: S101  set with the certificate
        return signing.certificate_expires_at


def _subject(signing: Signing) -> PersonSubject:
    """Under the names that were proven, where some were: else under those of the invitation."""
    signer = signers.of(signing)
    number = signer.id.replace("_", "-")  # a PrintableString has no underscore
    given, family = signer.first_name, signer.last_name
    for each in signing.proofs:
        if each["names"] and (proven := sign_ins.proven(each["id"])):
            given, family = _short(proven.given_names), _short(proven.family_name)
    return PersonSubject(given, family, signer.country, number, signer.email)


def _short(names: str) -> str:
    """As many names as a certificate holds (RFC 5280 appendix A.1), in their order."""
    whole = " ".join(names.split())
    return whole if len(whole) <= LONGEST_NAME else whole[: LONGEST_NAME + 1].rpartition(" ")[0] or whole[:LONGEST_NAME]


class Signer:
    """Has signed already, with a card or at a provider, by the time the worker comes."""

    def credential(self, signing: Signing) -> Credential:
        if not signing.certificate:
            raise SignAgain(_("Somebody else has signed in the meantime: this signature has to be made again."))
        return kept(signing)

    def sign(self, credential: Credential, prepared: Sequence[PendingSignature]) -> list[bytes]:  # noqa: ARG002  the key is far
        values = [bytes(each.value) for each in prepared if each.value is not None]
        if len(values) != len(prepared):
            raise SignAgain(_("Not every document has been signed."))
        return values

    def good_until(self, signing: Signing) -> datetime:
        return kept(signing).certificate.not_valid_after_utc


def of(signing: Signing) -> Holder:
    return Signer() if queries.brings_key(signing.recipient) else TrustService()


def kept(signing: Signing) -> Credential:
    """The certificate that a session was given."""
    chain = tuple(x509.load_der_x509_certificate(base64.b64decode(each)) for each in signing.chain)
    return Credential(signing.credential_id, x509.load_der_x509_certificate(bytes(signing.certificate or b"")), chain)


def keep(signing: Signing, credential: Credential, *, until: datetime) -> None:
    """Note it, and until when it holds others back."""
    signing.credential_id = credential.id
    signing.certificate = credential.certificate.public_bytes(Encoding.DER)
    signing.certificate_expires_at = until
    signing.chain = [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in credential.chain]
    signing.save(update_fields=["credential_id", "certificate", "certificate_expires_at", "chain"])
