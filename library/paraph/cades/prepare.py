"""The first verb: everything about a signature but its value."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from paraph.algorithms import Hash, SignatureAlgorithm
from paraph.cades.statement import Statement
from paraph.formats.content import Content, digests
from paraph.signatures import Level, Pending


def prepare(
    content: Content,
    certificate: x509.Certificate,
    *,
    chain: Sequence[x509.Certificate] = (),
    level: Level = Level.B,
    at: datetime,
    algorithm: SignatureAlgorithm | None = None,
    attached: bool = False,
) -> Pending:
    """Everything about a CAdES signature but its value (EN 319 122-1 §6.3).

    `at` is the claimed time; `chain` the issuing certificates, nearest first; `algorithm` the signer's where it is not
    the usual one of the key; `attached` encloses the content in the signature, which otherwise stands beside it. What
    `Pending.digest` says is to be signed with the key of `certificate`.

    Raises:
        WeakAlgorithm: the key of the certificate is no longer acceptable.
    """
    algorithm = algorithm or SignatureAlgorithm.for_key(certificate.public_key())
    statement = Statement(certificate, tuple(chain), algorithm, at, attached=attached)
    message_digest, document = digests(content, statement.algorithm.hash, Hash.SHA256)
    return Pending(statement.to_sign(message_digest), level, document, statement.to_bytes())
