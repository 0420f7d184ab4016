"""Counter-signatures (EN 319 132-1 §5.2.7.2): the signature of a signature, in the same verbs.

pending = counter.prepare(signed, certificate, at=now)
signed = counter.complete(pending, signer.sign(pending.digest), signed)
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import DigestMismatch, InputError
from paraph.formats import xml
from paraph.formats.xml import Element
from paraph.keys.signer import Signer
from paraph.signatures import Level, Pending
from paraph.timestamps import Timestamper
from paraph.xades import names
from paraph.xades.archive import signature_timestamp
from paraph.xades.complete import valued
from paraph.xades.data import DataObject
from paraph.xades.draft import filled, found, signed_info, to_bytes, unchanged
from paraph.xades.names import xades
from paraph.xades.signed import Signed, signatures
from paraph.xades.statement import Statement


def prepare(
    signed: bytes,
    certificate: x509.Certificate,
    *,
    of: int = 1,
    chain: Sequence[x509.Certificate] = (),
    level: Level = Level.B,
    at: datetime,
    algorithm: SignatureAlgorithm | None = None,
) -> Pending:
    """Everything about a counter-signature but its value.

    Args:
        signed: the document; what changes beside its signatures meanwhile does not matter.
        certificate: of whoever countersigns.
        of: the signature that is signed, counted from one.
        chain: the issuing certificates, nearest first.
        level: B or T; `extend` raises the whole document further.
        at: the claimed time.
        algorithm: the signer's, where it is not the usual one of the key.

    Raises:
        BrokenDocument: this is no signature in XML.
        InputError: it holds no such signature, or one that cannot be named; or a higher level is asked for.
        WeakAlgorithm: the key of the certificate is no longer acceptable.
    """
    if level not in (Level.B, Level.T):
        raise InputError(
            f"A counter-signature is made at level {Level.B} or {Level.T}; the document is extended later."
        )
    standing = signatures(xml.parse(signed))
    if not 1 <= of <= len(standing):
        raise InputError(f"There is no signature {of}; the document holds {len(standing)}.")
    value = xml.canonical(standing[of - 1].value)
    statement = Statement.new(certificate, chain, at, Digest.of(value), algorithm=algorithm)
    element = _drafted(statement, standing[of - 1])
    return Pending(statement.algorithm.digest(signed_info(element)), level, Digest.of(value), statement.to_bytes())


def complete(pending: Pending, signature: bytes, signed: bytes, *, timestamper: Timestamper | None = None) -> bytes:
    """The document with the value of a prepared counter-signature.

    Raises:
        BrokenDocument: this is no signature in XML.
        DigestMismatch: it does not hold the signature that was prepared.
        SignatureMismatch: the value was not made over `pending.digest` by the certificate's key.
        InputError: the level needs a time-stamp authority, and there is none.
        Unavailable: the authority did not answer; the pending signature is as good as before.
    """
    pending.level.check_needs(timestamper, None)
    statement, root = Statement.from_bytes(pending.state), xml.parse(signed)
    before = found(root)
    for one in signatures(root):
        if Digest.of(xml.canonical(one.value)) == pending.document:
            element = _drafted(statement, one)
            valued(element, statement, pending, signature)
            if timestamper is not None and pending.level is Level.T:
                counter = Signed("1", element)
                counter.unsigned.append(signature_timestamp(counter, timestamper))
            return to_bytes(unchanged(before, root))
    raise DigestMismatch("The document does not hold the signature that was prepared.")


def sign(
    signed: bytes,
    signer: Signer,
    *,
    of: int = 1,
    at: datetime,
    level: Level = Level.B,
    timestamper: Timestamper | None = None,
) -> bytes:
    """Both in a row, for a key that is at hand."""
    level.check_needs(timestamper, None)
    pending = prepare(
        signed, signer.certificate, of=of, chain=signer.chain, level=level, at=at, algorithm=signer.algorithm
    )
    return complete(pending, signer.sign(pending.digest), signed, timestamper=timestamper)


def _drafted(statement: Statement, signed: Signed) -> Element:
    """The counter-signature inside of what it signs, complete but for its value."""
    identifier = signed.value.get("Id")
    if identifier is None:
        raise InputError("The signature’s value has no Id, by which a counter-signature would name it.")
    target = DataObject(f"#{identifier}", "", names.COUNTERSIGNED, (xml.EXCLUSIVE,))
    element = statement.signature([target])
    signed.unsigned.append(xades.CounterSignature(element))
    return filled(element, statement, {})
