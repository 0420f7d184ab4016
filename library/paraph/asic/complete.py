"""The second verb: the signature value goes in, the container comes out."""

from paraph import cades, timestamps, xades
from paraph.asic import archive
from paraph.asic.container import META, Container, Kind
from paraph.asic.form import Form
from paraph.asic.manifest import ASIC, open_document
from paraph.asic.prepare import Plan, Signable, opened
from paraph.certs import Revocations
from paraph.errors import DigestMismatch
from paraph.formats import xml
from paraph.formats.content import identity
from paraph.signatures import Pending
from paraph.timestamps import Timestamper
from paraph.xades.draft import found, to_bytes, unchanged

_SIGNATURES = f'<asic:XAdESSignatures xmlns:asic="{ASIC}"/>'.encode("ascii")
_LIST = f"{META}manifest.xml"


def complete(
    pending: Pending,
    signature: bytes,
    content: Signable,
    *,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
) -> bytes:
    """The container with the value of a prepared signature, and all that its level asks for.

    `content` is what was prepared; to a container, others may have added signatures meanwhile.

    Raises:
        DigestMismatch: other files, or a pending signature that was changed meanwhile.
        SignatureMismatch: the value was not made over `pending.digest` by the certificate's key.
        InputError: the level needs a time-stamp authority, or `revocations`, and there is none.
        Revoked: the certificate was taken back meanwhile.
        Unavailable: somebody who is needed did not answer; the pending signature is as good as before.
    """
    pending.level.check_needs(timestamper, revocations)
    plan, inner = Plan.from_bytes(pending.state)
    container = opened(content, plan.kind)
    if identity(container.files) != pending.document:
        raise DigestMismatch("These are not the files that were prepared.")
    if (inner.digest, inner.level) != (pending.digest, plan.inner(pending.level)):
        raise DigestMismatch("The pending signature was changed; prepare the files again.")
    if plan.form is Form.XADES:
        signed = xades.complete(inner, signature, container.files, timestamper=timestamper, revocations=revocations)
        return _with_xades(container, signed).to_bytes()
    listed = plan.signed(container.files)
    signed = cades.complete(inner, signature, listed, timestamper=timestamper, revocations=revocations)
    container = _with_cades(container, plan, signed, listed)
    if inner.level is not pending.level and timestamper and revocations:
        now = max(timestamps.read(each).time for each in cades.read(signed)[0].tokens)
        container = archive.archived(container, timestamper, revocations, at=now)
    return container.to_bytes()


def _with_xades(container: Container, signed: bytes) -> Container:
    """Beside those that are there: in ASiC-S in their file (§4.3.3.2), in ASiC-E in one of its own (§4.4.3.2)."""
    alone = container.kind is Kind.S
    name = f"{META}signatures.xml" if alone else container.fresh(f"{META}signatures%03d.xml")
    root = xml.parse(container.meta.get(name, _SIGNATURES))
    before = found(root)
    root.append(xml.parse(signed))
    lists = {} if alone else {_LIST: open_document(container.files, container.kind.value)}
    return container.having({name: to_bytes(unchanged(before, root)), **lists})


def _with_cades(container: Container, plan: Plan, signed: bytes, listed: bytes) -> Container:
    """Beside those that are there: in ASiC-S in their message (§4.3.3.2), in ASiC-E in one of its own (§4.4.3.3)."""
    if plan.kind is Kind.E:
        return container.having({plan.manifest: listed, plan.signature: signed})
    before = container.meta.get(plan.signature)
    return container.having({plan.signature: cades.join(before, signed) if before else signed})
