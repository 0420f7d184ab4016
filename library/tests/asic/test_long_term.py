"""In ASiC-E with CAdES, a time-stamp over a list of everything keeps the container provable (annex A.7)."""

from datetime import datetime, timedelta

import pytest
from paraph import asic, timestamps
from paraph.algorithms import Digest
from paraph.asic import Container, Form
from paraph.asic.manifest import Manifest
from paraph.certs import Revocations
from paraph.errors import InputError
from paraph.signatures import Level
from paraph_testing.status import StatusService

NEWEST = "META-INF/ASiCArchiveManifest.xml"


def test_the_archive_time_stamp_covers_every_file(
    service: StatusService, revocations: Revocations, noon: datetime, files: dict[str, bytes]
) -> None:
    pki = service.pki
    asked = {"at": noon, "timestamper": pki.timestamper(), "revocations": revocations}
    container = Container.from_bytes(asic.sign(files, pki.bob, form=Form.CADES, level=Level.LTA, **asked))
    listed = Manifest.from_bytes(container.meta[NEWEST])
    everything = {**container.files, **container.meta}
    assert {each.name for each in listed.references} == set(everything) - {NEWEST, listed.signature}
    stamp = timestamps.verify(container.meta[listed.signature], Digest.of(container.meta[NEWEST]), trusted=pki.trusted)
    assert stamp.time == noon


def test_the_next_one_covers_the_one_before_and_what_proves_it(
    service: StatusService, noon: datetime, files: dict[str, bytes]
) -> None:
    pki = service.pki
    asked = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    first = asic.sign(files, pki.bob, form=Form.CADES, at=noon, level=Level.LTA, **asked)
    late = pki.at = noon + timedelta(days=300)
    pki.renew_timestamping_unit()
    again = asic.extend(
        first, Level.LTA, timestamper=pki.timestamper(late), revocations=Revocations(pki.trusted), at=late
    )
    before, after = Container.from_bytes(first).meta, Container.from_bytes(again).meta
    listed = Manifest.from_bytes(after[NEWEST])
    [root] = [each.name for each in listed.references if each.root]
    assert after[root] == before[NEWEST]
    tokens = asic.read(again)[0].tokens
    assert [timestamps.read(each).time for each in tokens] == [noon, noon, late]
    assert len(after["META-INF/timestamp001.tst"]) > len(before["META-INF/timestamp001.tst"])
    signature = next(name for name in before if name.endswith(".p7s"))
    assert after[signature] == before[signature]


def test_what_is_missing_is_said(service: StatusService, noon: datetime, files: dict[str, bytes]) -> None:
    signed = asic.sign(files, service.pki.bob, form=Form.CADES, at=noon)
    with pytest.raises(InputError, match="time-stamp authority"):
        asic.extend(signed, Level.T, at=noon)
    with pytest.raises(InputError, match="trusted"):
        asic.extend(signed, Level.LTA, timestamper=service.pki.timestamper(), at=noon)
    with pytest.raises(InputError, match="extended to level"):
        asic.extend(signed, Level.B, at=noon)
    with pytest.raises(InputError, match="no signature"):
        asic.extend(Container.of(files, asic.Kind.E).to_bytes(), Level.T, at=noon)
