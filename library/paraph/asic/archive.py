"""Archive time-stamps of ASiC-E with CAdES: over a list of everything in the container (EN 319 162-1 annex A.7)."""

from dataclasses import replace
from datetime import datetime

from paraph import timestamps
from paraph.algorithms import Digest
from paraph.asic.container import META, Container
from paraph.asic.manifest import Manifest, Reference, manifests
from paraph.certs import Revocations
from paraph.cms import SignedData
from paraph.formats.media import media_type
from paraph.timestamps import Timestamper

NEWEST = f"{META}ASiCArchiveManifest.xml"
"""The list under the newest archive time-stamp; those before it have numbers."""


def archived(container: Container, timestamper: Timestamper, revocations: Revocations, *, at: datetime) -> Container:
    """The container with a time-stamp over everything in it, the one before proven first.

    Args:
        container: with everything that is to be proved.
        timestamper: an authority.
        revocations: where what proves the time-stamp before is asked for.
        at: now.
    """
    container, before = _superseded(container, revocations, at)
    everything = {**container.files, **container.meta}
    token = container.fresh(f"{META}timestamp%03d.tst")
    references = tuple(Reference.to(name, content, root=name == before) for name, content in everything.items())
    listed = Manifest(token, media_type(token), references).to_bytes()
    return container.having({NEWEST: listed, token: timestamper.timestamp(Digest.of(listed))})


def covering(container: Container) -> dict[str, tuple[bytes, ...]]:
    """For each file in a container, the archive time-stamps that cover it."""
    found: dict[str, tuple[bytes, ...]] = {}
    for name, listed in manifests(container).items():
        token = container.meta.get(listed.signature)
        if name.startswith(NEWEST.removesuffix(".xml")) and token:
            for reference in listed.references:
                found[reference.name] = (*found.get(reference.name, ()), token)
    return found


def _superseded(container: Container, revocations: Revocations, at: datetime) -> tuple[Container, str]:
    """The newest list gives its name to the next one; its time-stamp gets what proves it while it can be asked for."""
    if NEWEST not in container.meta:
        return container, ""
    listed = Manifest.from_bytes(container.meta[NEWEST])
    message = SignedData.parse(container.meta[listed.signature])
    known = message.validation_data
    unit = timestamps.read(container.meta[listed.signature]).certificate
    proof = revocations.collect(unit, at=at, now=at, known=known) - known
    numbered = container.fresh(f"{META}ASiCArchiveManifest%03d.xml")
    meta = {name: content for name, content in container.meta.items() if name != NEWEST}
    meta |= {listed.signature: message.carrying(proof).to_der(), numbered: container.meta[NEWEST]}
    return replace(container, meta=meta), numbered
