"""The first verb: everything about a signature but its value."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from paraph.algorithms import Hash
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
    attached: bool = False,
) -> Pending:
    """Everything about a CAdES signature but its value (EN 319 122-1 §6.3).

    `at` is the claimed time; `chain` the issuing certificates, nearest first; `attached` encloses the content in the
    signature, which otherwise stands beside it. What `Pending.digest` says is to be signed with the key of
    `certificate`.

    Raises:
        WeakAlgorithm: the key of the certificate is no longer acceptable.
    """
    statement = Statement(certificate, tuple(chain), at, attached=attached)
    message_digest, document = digests(content, statement.algorithm.hash, Hash.SHA256)
    return Pending(statement.to_sign(message_digest), level, document, statement.to_bytes())
