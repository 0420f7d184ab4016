"""Office files and pictures become PDFs, by programs that can reach nothing else."""

import io
import socket
import sys
import time
from datetime import datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from paraph.errors import NotAPdf
from paraph_server.accounts.models import Tenant
from paraph_server.documents import actions, confinement, conversion, kinds, queries
from paraph_server.documents.actions import As
from paraph_server.documents.errors import ConversionFailed, ConversionUnavailable, NotConvertible
from paraph_server.documents.models import Part
from paraph_server.journal.actions import Actor
from paraph_testing import office, pdfs
from paraph_testing.listener import Listener
from PIL import Image

TEXT = "Le contrat de l'ete"
needs_office = pytest.mark.skipif(conversion.office() is None, reason=f"needs {conversion.PACKAGES}")


@pytest.fixture
def convert(tenant: Tenant, by_alice: Actor, noon: datetime) -> object:
    def convert(content: bytes, name: str = "contrat.docx") -> Part:
        return actions.receive(tenant, io.BytesIO(content), name, taken_as=As.CONVERTED, by=by_alice, at=noon)

    return convert


def text(part: Part) -> str:
    return pypdfium2.PdfDocument(queries.content(part))[0].get_textpage().get_text_bounded()


# ---------------------------------------------------------------- office files


@needs_office
@pytest.mark.parametrize(
    "content",
    [office.word(TEXT), office.open_text(TEXT), office.rich_text(TEXT), TEXT.encode()],
    ids=["Word", "OpenDocument", "RTF", "text"],
)
def test_an_office_file_becomes_a_pdf_and_is_kept_beside_it(convert: object, content: bytes) -> None:
    part = convert(content, "Contrat été.odt")  # type: ignore[operator]
    assert (part.filename, part.content_type, part.pages) == ("Contrat été.pdf", "application/pdf", 1)
    assert TEXT in text(part)
    assert part.source.filename == "Contrat été.odt"
    assert queries.content(part.source) == content


@needs_office
def test_accents_in_a_text_stay_what_they_are(convert: object) -> None:
    assert "Été à Noël" in text(convert("Été à Noël".encode(), "a.txt"))  # type: ignore[operator]


@needs_office
def test_what_a_document_refers_to_is_not_fetched(convert: object) -> None:
    with Listener(body=office.picture("PNG")) as elsewhere:
        assert TEXT in text(convert(office.open_text(TEXT, picture=elsewhere.url)))  # type: ignore[operator]
        assert elsewhere.asked == []


@needs_office
def test_a_file_of_this_machine_is_not_shown(convert: object, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(office.picture("PNG"))
    part = convert(office.open_text(TEXT, picture=secret.as_uri()))  # type: ignore[operator]
    with pikepdf.open(io.BytesIO(queries.content(part))) as pdf:
        assert not pdf.pages[0].get_images()


@needs_office
def test_a_damaged_office_file_is_said_to_be(convert: object) -> None:
    damaged = office.open_text(TEXT).replace(b"<office:body>", b"<office:bodY>")
    with pytest.raises(ConversionFailed):
        convert(damaged)  # type: ignore[operator]
    assert not Part.objects.exists()


def test_without_an_office_program_it_is_said_what_to_install(convert: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "office", lambda: None)
    with pytest.raises(ConversionUnavailable, match="libreoffice-writer-nogui"):
        convert(office.word(TEXT))  # type: ignore[operator]


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_picture_becomes_a_page(convert: object, kind: str) -> None:
    part = convert(office.picture(kind), "scan.pdf.jpg")  # type: ignore[operator]
    assert (part.filename, part.pages) == ("scan.pdf.pdf", 1)
    with pikepdf.open(io.BytesIO(queries.content(part))) as pdf:
        [image] = pdf.pages[0].get_images().values()
        assert (image.Width, image.Height) == (320, 200)
        across = pdf.pages[0].mediabox
        assert across[2] > across[3]


def test_a_jpeg_is_taken_over_as_it_is(convert: object) -> None:
    jpeg = office.picture("JPEG", (200, 320))
    assert jpeg in queries.content(convert(jpeg))  # type: ignore[operator]


def test_a_photograph_stands_upright(convert: object) -> None:
    turned, target = Image.new("RGB", (300, 200)), io.BytesIO()
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(target, "JPEG", exif=exif)
    with pikepdf.open(io.BytesIO(queries.content(convert(target.getvalue())))) as pdf:  # type: ignore[operator]
        [image] = pdf.pages[0].get_images().values()
        assert (image.Width, image.Height) == (200, 300)


def test_every_page_of_a_tiff_is_there(convert: object) -> None:
    assert convert(office.picture("TIFF", pages=3)).pages == 3  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_in_any_colours_can_be_signed(convert: object, mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    assert convert(office.picture(kind, mode=mode)).pages == 1  # type: ignore[operator]


@pytest.mark.parametrize(
    "hostile",
    [office.picture("PNG")[:-60], office.picture("PNG", (12_000, 12_000), mode="1"), office.picture("JPEG")[:200]],
    ids=["cut off", "too many pixels", "only a header"],
)
def test_hostile_pictures_are_refused(convert: object, hostile: bytes) -> None:
    with pytest.raises(ConversionFailed):
        convert(hostile)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><p>x", "web page"),
        (b"\0\0\0\x18ftypheic\0\0", "HEIC"),
        (b"MZ\x90\0\x03", "unknown kind"),
        (b"<?xml version='1.0'?><a/>", "XML"),
    ],
)
def test_what_nothing_makes_a_pdf_of_is_said(convert: object, content: bytes, words: str) -> None:
    with pytest.raises(NotConvertible, match=words):
        convert(content)  # type: ignore[operator]


def test_a_pdf_stays_what_it_is(convert: object) -> None:
    part = convert(pdfs.invoice(), "a.pdf")  # type: ignore[operator]
    assert queries.content(part) == pdfs.invoice()
    assert part.source is None


def test_nothing_is_converted_unasked(tenant: Tenant) -> None:
    with pytest.raises(NotAPdf, match="a Word document"):
        actions.take(tenant, io.BytesIO(office.word(TEXT)), "a.pdf")


# ---------------------------------------------------------------- what is in a file


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdfs.invoice(), "application/pdf"),
        (office.word("a"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office.open_text("a"), "application/vnd.oasis.opendocument.text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "WordDocument".encode("utf-16-le"), "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "application/octet-stream"),
        (b"PK\x03\x04 not a zip", "application/zip"),
        ("été\n".encode() * 20_000, "text/plain"),
        ("é".encode() * 40_000, "text/plain"),
        (b"a" + "é".encode() * 40_000, "text/plain"),
        ("été".encode("latin-1"), "application/octet-stream"),
        (b"a\0b", "application/octet-stream"),
        (office.picture("WEBP"), "image/webp"),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, kind: str) -> None:
    assert kinds.of(io.BytesIO(content)).content_type == kind


# ---------------------------------------------------------------- confinement


def run(tmp_path: Path, program: str, patience: float = 20) -> int:
    return confinement.run([sys.executable, "-c", program], tmp_path, patience=patience)


def test_a_confined_program_writes_into_its_folder(tmp_path: Path) -> None:
    assert run(tmp_path, "open('a', 'w').write('b')") == 0
    assert (tmp_path / "a").read_text() == "b"


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.socket(socket.AF_INET).connect(('127.0.0.1', {port}))",
        "import socket; socket.socket(socket.AF_INET6)",
        "open('{secret}').read()",
        "open('/etc/shadow').read()",
        "open('{secret}.copy', 'w')",
        "import os; open(f'/proc/{{os.getppid()}}/environ').read()",
        "bytearray(8 << 30)",
    ],
    ids=["connect", "IPv6", "read ours", "read the system's", "write elsewhere", "look at the server", "memory"],
)
def test_a_confined_program_reaches_nothing_else(tmp_path: Path, program: str) -> None:
    folder, secret = tmp_path / "folder", tmp_path / "secret"
    folder.mkdir()
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run(folder, program.format(port=server.getsockname()[1], secret=secret)) != 0


def test_what_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    program = (
        "import subprocess, time; open('pid', 'w').write(str(subprocess.Popen(['sleep', '60']).pid)); time.sleep(60)"
    )
    with pytest.raises(confinement.Overrun):
        run(tmp_path, program, patience=2)
    child = Path("/proc") / (tmp_path / "pid").read_text()
    until = time.monotonic() + 5
    while child.exists() and "Z" not in (child / "stat").read_text().split(")")[1] and time.monotonic() < until:
        time.sleep(0.05)
    assert not child.exists() or "Z" in (child / "stat").read_text().split(")")[1]
