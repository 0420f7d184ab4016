"""What a provider keeps for a signer, as the database keeps it for minutes, and as the signer reads it."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from paraph.certs.names import readable
from paraph.keys.csc import Credential


@dataclass(frozen=True, slots=True)
class Choice:
    """A certificate to choose."""

    id: str
    name: str
    issuer: str
    until: datetime


def written(credential: Credential) -> dict[str, Any]:
    chain = (credential.certificate, *credential.chain)
    encoded = [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain]
    return {
        "id": credential.id,
        "certificates": encoded,
        "algorithms": list(credential.algorithms),
        "most": credential.most,
    }


def read(kept: dict[str, Any]) -> Credential:
    certificate, *chain = (x509.load_der_x509_certificate(base64.b64decode(each)) for each in kept["certificates"])
    return Credential(kept["id"], certificate, tuple(chain), tuple(kept["algorithms"]), kept["most"])


def choice(kept: dict[str, Any]) -> Choice:
    credential = read(kept)
    found = credential.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(found[0].value) if found else readable(credential.certificate.subject)
    return Choice(credential.id, name, readable(credential.certificate.issuer), credential.expires)
