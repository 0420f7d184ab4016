"""What is signed: the signed attributes of a CMS signature (RFC 5652 §5.4), and nothing else.

A key that signs whatever digest it is handed also signs a message to one's bank. So the agent takes no digests: it is
handed what is digested, sees that it can only be part of a document's signature by the chosen certificate, and digests
it itself.
"""

import hashlib

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph_agent.errors import NotAsShown

LONGEST = 64 * 1024
_ALLOWED = {"content_type", "message_digest", "signing_certificate_v2", "signing_time", "cms_algorithm_protection"}


def check(attributes: bytes, certificate: x509.Certificate, hash_name: str) -> None:
    """See that these are the attributes of a signature over a detached document, bound to this certificate.

    Raises:
        NotAsShown: they are something else.
    """
    try:
        found = _read(attributes)
        sizes = [len(each) for each in found["message_digest"].native]
        kinds = list(found["content_type"].native)
        bound = [_names(each, certificate) for each in found["signing_certificate_v2"]]
    except (ValueError, TypeError, KeyError):
        raise NotAsShown from None
    if kinds != ["data"] or sizes != [hashlib.new(hash_name).digest_size] or bound != [True]:
        raise NotAsShown


def _read(attributes: bytes) -> dict[str, cms.CMSAttribute]:
    if len(attributes) > LONGEST:
        raise ValueError("too long")
    whole = cms.CMSAttributes.load(attributes, strict=True)
    if whole.dump(force=True) != attributes:
        raise ValueError("not in DER")
    found = {}
    for each in whole:
        name = each["type"].native
        if name in found or name not in _ALLOWED:
            raise ValueError(f"{name} does not belong here")
        found[name] = each["values"]
    return found


def _names(value: tsp.SigningCertificateV2, certificate: x509.Certificate) -> bool:
    """Whether ESS signing-certificate-v2 (RFC 5035 §3) is about this certificate."""
    first = value["certs"][0]
    digest = hashlib.new(first["hash_algorithm"]["algorithm"].native, certificate.public_bytes(Encoding.DER)).digest()
    return bool(first["cert_hash"].native == digest)
