"""The third verb: raise the level of what is signed already."""

from datetime import datetime
from functools import partial

from paraph import cades, xades
from paraph.asic import archive
from paraph.asic.container import Container, Kind
from paraph.asic.form import Form
from paraph.asic.manifest import manifests
from paraph.certs import Revocations
from paraph.errors import BrokenDocument, InputError
from paraph.signatures import Level
from paraph.timestamps import Timestamper


def extend(
    signed: bytes,
    level: Level,
    *,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    at: datetime,
) -> bytes:
    """All signatures of a container at `level`, if they were below; nothing that was signed or stamped is changed.

    The signatures are extended as their form says; but in ASiC-E with CAdES, LTA is reached by a time-stamp over a list
    of everything in the container (EN 319 162-1 §5.4.3). At LTA, each call adds a further archive time-stamp.

    Args:
        signed: the container.
        level: T, LT or LTA.
        timestamper: needed wherever a time-stamp is missing, and for LTA.
        revocations: needed for LT and LTA.
        at: now.

    Raises:
        InputError: no signature, or something needed is not given.
        BrokenDocument: the container or a part of a signature cannot be read, or a file is not what was signed.
        NoPath: a certificate leads to no trusted root.
        Revoked: one was revoked before its use is proven.
        Unavailable: somebody who is needed did not answer; nothing was lost.
    """
    container = Container.from_bytes(signed)
    form, lists = Form.of(container), manifests(container)
    if form is None:
        raise InputError("The container holds no signature.")
    if level is Level.LTA:
        level.check_needs(timestamper, revocations)
    if form is Form.XADES:
        xml = partial(xades.extend, contents=container.files, timestamper=timestamper, revocations=revocations, at=at)
        return container.having({name: xml(container.meta[name], level) for name in form.files(container)}).to_bytes()
    cms = partial(cades.extend, timestamper=timestamper, revocations=revocations, at=at)
    if container.kind is Kind.S:
        [content] = container.files.values()
        extended = {name: cms(container.meta[name], level, content=content) for name in form.files(container)}
        return container.having(extended).to_bytes()
    listed, covered = (
        {each.signature: container.meta[name] for name, each in lists.items()},
        archive.covering(container),
    )
    below = Level.LT if level is Level.LTA else level
    extended = {
        name: cms(container.meta[name], below, content=_listed(listed, name))
        for name in form.files(container)
        if name not in covered
    }
    container = container.having(extended)
    if level is Level.LTA and timestamper and revocations:
        container = archive.archived(container, timestamper, revocations, at=at)
    return container.to_bytes()


def _listed(lists: dict[str, bytes], name: str) -> bytes:
    if name not in lists:
        raise BrokenDocument(f"The container has lost the list of what {name!r} signs.")
    return lists[name]
