"""A file that is sealed where it lies gets the very seal that it would have got in memory."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from paraph import pades
from paraph.certs import Revocations
from paraph.errors import BrokenDocument
from paraph.keys.file import FileSigner
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.status import StatusService

SOURCES = {
    "classic": pdfs.contract(),
    "compact": pdfs.compact(pdfs.contract()),
    "hybrid": pdfs.hybrid(),
    "encrypted": pdfs.locked(pdfs.contract()),
}


def sealed(sealer: pades.Sealer, document: bytes, folder: Path, at: datetime) -> bytes:
    (folder / "source.pdf").write_bytes(document)
    with (folder / "source.pdf").open("rb") as source, (folder / "sealed.pdf").open("w+b") as target:
        sealer.seal_file(source, target, at=at)
    return (folder / "sealed.pdf").read_bytes()


@pytest.mark.parametrize("kind", ["classic", "compact"])
def test_the_bytes_are_the_same(kind: str, atelier: FileSigner, noon: datetime, tmp_path: Path) -> None:
    sealer, document = pades.Sealer(atelier, level=Level.B), SOURCES[kind]
    assert sealed(sealer, document, tmp_path, noon) == sealer.seal(document, at=noon)


@pytest.mark.parametrize("level", [Level.T, Level.LT, Level.LTA])
@pytest.mark.parametrize("kind", ["classic", "hybrid"])
def test_every_level_is_reached(
    kind: str,
    level: Level,
    service: StatusService,
    revocations: Revocations,
    noon: datetime,
    tmp_path: Path,
    judge: Callable[..., None],
) -> None:
    pki = service.pki
    sealer = pades.Sealer(pki.rsa_seal, level=level, timestamper=pki.timestamper(), revocations=revocations)
    result = sealed(sealer, SOURCES[kind], tmp_path, noon)
    judge(result, timestamps=int(level is Level.LTA), stored=level is Level.LT)
    assert pades.read(result)[0].level is level


def test_an_encrypted_file_is_sealed_with_its_password(atelier: FileSigner, noon: datetime, tmp_path: Path) -> None:
    sealer = pades.Sealer(atelier, level=Level.B, password="user")
    result = sealed(sealer, SOURCES["encrypted"], tmp_path, noon)
    assert len(pades.read(result, password="user")) == 1


@pytest.mark.parametrize("document", [b"", pdfs.not_a_pdf(), pdfs.cut_in_half()], ids=["empty", "no PDF", "half"])
def test_what_is_no_document_is_refused(document: bytes, atelier: FileSigner, noon: datetime, tmp_path: Path) -> None:
    with pytest.raises(BrokenDocument):
        sealed(pades.Sealer(atelier, level=Level.B), document, tmp_path, noon)
