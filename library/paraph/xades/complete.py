"""The second verb: the signature value goes in, the signed document comes out."""

from paraph.certs import Revocations
from paraph.errors import DigestMismatch
from paraph.formats.content import identity
from paraph.formats.xml import Element
from paraph.keys.verify import verify
from paraph.signatures import Level, Pending
from paraph.timestamps import Timestamper
from paraph.xades.archive import signature_timestamp
from paraph.xades.data import Signable
from paraph.xades.draft import draft, signed_info, to_bytes
from paraph.xades.extend import raised
from paraph.xades.names import base64
from paraph.xades.signed import Signed
from paraph.xades.statement import Statement
from paraph.xades.value import written


def complete(
    pending: Pending,
    signature: bytes,
    content: Signable,
    *,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
) -> bytes:
    """The signed document, or the document with the signature of what lies beside it, with all that the level asks for.

    Nothing is returned that was not checked: the content is the one that was prepared, the value verifies with the
    certificate's key, every reference of every signature finds what it is to find in the bytes that are returned.

    Raises:
        DigestMismatch: another content, or a pending signature that was changed meanwhile.
        SignatureMismatch: the value was not made over `pending.digest` by the certificate's key.
        InputError: the level needs a time-stamp authority, or `revocations`, and there is none.
        Revoked: the certificate was taken back meanwhile.
        Unavailable: somebody who is needed did not answer; the pending signature is as good as before.
    """
    pending.level.check_needs(timestamper, revocations)
    if identity(content) != pending.document:
        raise DigestMismatch("This is not the content that was prepared.")
    statement = Statement.from_bytes(pending.state)
    element = draft(statement, content)
    valued(element, statement, pending, signature)
    if pending.level is not Level.B and timestamper is not None:
        one = Signed("1", element)
        one.unsigned.append(signature_timestamp(one, timestamper))
        contents = {} if isinstance(content, bytes) else content
        raised(one, pending.level, contents, timestamper, revocations=revocations, at=max(one.times))
    return to_bytes(element.getroottree().getroot())


def valued(element: Element, statement: Statement, pending: Pending, signature: bytes) -> None:
    """Give a signature its value, checked.

    Raises:
        DigestMismatch: this is not what was prepared.
        SignatureMismatch: the key did not make the value.
    """
    if statement.algorithm.digest(signed_info(element)) != pending.digest:
        raise DigestMismatch("The pending signature was changed; prepare the document again.")
    key = statement.certificate.public_key()
    verify(key, pending.digest, signature, algorithm=statement.algorithm)
    Signed("1", element).value.text = base64(written(key, signature))
