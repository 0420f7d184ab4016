"""The first verb: everything about a signature but its value."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from paraph.algorithms import SignatureAlgorithm
from paraph.errors import InputError
from paraph.formats.content import identity
from paraph.signatures import Level, Pending
from paraph.xades.data import Signable
from paraph.xades.draft import draft, signed_info
from paraph.xades.statement import Statement


def prepare(
    content: Signable,
    certificate: x509.Certificate,
    *,
    chain: Sequence[x509.Certificate] = (),
    level: Level = Level.B,
    at: datetime,
    algorithm: SignatureAlgorithm | None = None,
    enveloping: bool = False,
) -> Pending:
    """Everything about a XAdES signature but its value (EN 319 132-1 §6.3).

    Args:
        content: an XML document, which gets the signature as its last element; or files by name, whose signature is a
            document of its own.
        certificate: of the key that is to sign what `Pending.digest` says.
        chain: the issuing certificates, nearest first.
        level: what `complete` is to reach.
        at: the claimed time.
        algorithm: the signer's, where it is not the usual one of the key.
        enveloping: enclose `content`, whatever it is, in the signature.

    Raises:
        BrokenDocument: the document is no XML, or has no canonical form.
        ModificationForbidden: an earlier signature allows no further one.
        WeakAlgorithm: the key of the certificate is no longer acceptable.
    """
    if enveloping and not isinstance(content, bytes):
        raise InputError("Only one file can be enclosed in a signature.")
    document = identity(content)
    statement = Statement.new(certificate, chain, at, document, algorithm=algorithm, enveloping=enveloping)
    signature = draft(statement, content)
    return Pending(statement.algorithm.digest(signed_info(signature)), level, document, statement.to_bytes())
