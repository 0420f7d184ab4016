"""How fast PDFs are sealed: Paraph, pyHanko as it comes, and what the processor and the disk allow.

Two hundred invoices are made afresh, sealed PAdES B-B in one process, in rounds that alternate between the three, so
that a busy machine slows all of them alike. The physical limit reads the file, hashes it once, makes one signature
and writes as many bytes as the sealed file has. Every round's files are written to a temporary directory; a sample
of ours is judged by Poppler and qpdf. Nothing is left behind.

    uv run --no-sync python benchmarks/sealing.py [--directory DIR …] [--rounds N]
"""

import argparse
import hashlib
import io
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from paraph import pades
from paraph.keys.file import load
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

INVOICES = 200
PLACES = [Path("/dev/shm"), Path(tempfile.gettempdir())]  # memory, then a disk
BATCH = 20
PYHANKO_EVERY = 10  # pyHanko signs one invoice in so many: it would take minutes otherwise
SAMPLE_EVERY = 20
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


# ---------------------------------------------------------------- the invoices


def invoices() -> list[bytes]:
    """Half with classic cross-reference tables, half with object streams; some of both linearized."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    logo = _logo()
    made = [_invoice(number, logo) for number in range(INVOICES)]
    compact = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
    for number in range(INVOICES):
        if number % 2:
            made[number] = _rewritten(made[number], linearize=number % 10 == 1, **compact)
        elif number % 10 == 0:
            made[number] = _rewritten(made[number], linearize=True)
    return made


def _invoice(number: int, logo: ImageReader) -> bytes:
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4, pageCompression=1)
    for page in range(1 + number % 2):
        canvas.drawImage(logo, 56, 740, 120, 60)
        canvas.setFont("Vera", 10)
        for line in range(30):
            amount = (number * 37 + page * 59 + line * 113) % 9000 / 10
            canvas.drawString(56, 700 - 18 * line, f"{line + 1}. Mission no {number:06}, semaine {line}")
            canvas.drawRightString(539, 700 - 18 * line, f"{amount:.2f} EUR")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def _logo() -> ImageReader:
    """A picture that does not compress, so that an invoice weighs what invoices weigh."""
    return ImageReader(Image.frombytes("RGB", (120, 120), random.Random(1).randbytes(120 * 120 * 3)))


def _rewritten(document: bytes, **options: object) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.save(output, **options)  # type: ignore[arg-type]  # options go through
    return output.getvalue()


# ---------------------------------------------------------------- the keys


def certificate(key: Key) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark seal")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )


def bare_primitive(key: Key) -> Callable[[bytes], bytes]:
    prehashed = Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPrivateKey):
        scheme = padding.PKCS1v15()
        return lambda digest: key.sign(digest, scheme, prehashed)
    algorithm = ec.ECDSA(prehashed)
    return lambda digest: key.sign(digest, algorithm)


# ---------------------------------------------------------------- the three contestants


@dataclass(frozen=True, slots=True)
class Contestant:
    name: str
    seal: Callable[[Path, Path], None]
    every: int


def contestants(key: Key, document: bytes) -> list[Contestant]:
    bundle = pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate(key), None, BestAvailableEncryption(b"secret")
    )
    sealer = pades.Sealer(load(bundle, b"secret"), name="Atelier Marchand")
    return [
        Contestant("physical limit", limit(key, len(sealer.addition(document, at=datetime.now(UTC)))), 1),
        Contestant("Paraph", paraph(sealer), 1),
        Contestant("pyHanko", _pyhanko(bundle), PYHANKO_EVERY),
    ]


def paraph(sealer: pades.Sealer) -> Callable[[Path, Path], None]:
    def seal(source: Path, target: Path) -> None:
        document = _read(source)
        _write(target, document, sealer.addition(document, at=datetime.now(UTC)))

    return seal


def _pyhanko(bundle: bytes) -> Callable[[Path, Path], None]:
    signer = signers.SimpleSigner.load_pkcs12_data(bundle, other_certs=[], passphrase=b"secret")
    meta = signers.PdfSignatureMetadata(
        field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES, name="Atelier Marchand"
    )
    pdf_signer = signers.PdfSigner(meta, signer=signer)

    def seal(source: Path, target: Path) -> None:
        with source.open("rb") as document, target.open("wb") as signed:
            pdf_signer.sign_pdf(IncrementalPdfFileWriter(document), output=signed)

    return seal


def limit(key: Key, added: int) -> Callable[[Path, Path], None]:
    sign, zeros = bare_primitive(key), bytes(added)

    def seal(source: Path, target: Path) -> None:
        document = _read(source)
        sign(hashlib.sha256(document).digest())
        _write(target, document, zeros)

    return seal


def _read(path: Path) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  as fast as it goes
        return file.read()


def _write(path: Path, document: bytes, addition: bytes) -> None:
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123  as fast as it goes
        file.write(document)
        file.write(addition)


# ---------------------------------------------------------------- the race


def race(entrants: list[Contestant], sources: list[Path], directory: Path, rounds: int) -> dict[str, float]:
    """Median seconds for one document. The contestants take turns, a batch each, so that noise hits all alike."""
    times: dict[str, list[float]] = {entrant.name: [] for entrant in entrants}
    for _ in range(rounds):
        for first in range(0, len(sources), BATCH):
            for entrant in entrants:
                batch = sources[first : first + BATCH : entrant.every]
                targets = [(source, directory / f"{entrant.name}-{source.name}") for source in batch]
                for _, target in targets:
                    target.unlink(missing_ok=True)
                start = time.perf_counter()
                for source, target in targets:
                    entrant.seal(source, target)
                times[entrant.name].append((time.perf_counter() - start) / len(targets))
    return {name: statistics.median(measured) for name, measured in times.items()}


def judge(directory: Path, sources: list[Path], *, stored: bool = False) -> int:
    """Poppler and qpdf look at a sample of what was sealed; a seal that does not hold ends the benchmark.

    What is `stored` behind a seal, its validation data, it does not cover.
    """
    sample = [directory / f"Paraph-{source.name}" for source in sources[::SAMPLE_EVERY]]
    for path in sample:
        poppler = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
        qpdf = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        covered = stored or "Total document signed" in poppler
        if "Signature is Valid" not in poppler or not covered or qpdf.returncode:
            sys.exit(f"{path.name} is not validly sealed:\n{poppler}{qpdf.stdout}")
    return len(sample)


def begin_table(title: str, first: str) -> None:
    print(f"\n{title}\n\n| {first} | | seals/s | µs each | x pyHanko | % of the limit |\n|---|---|---|---|---|---|")


def tell(name: str, times: dict[str, float]) -> None:
    """The rows of one race."""
    for contestant, each in times.items():
        ratio, share = times["pyHanko"] / each, 100 * times["physical limit"] / each
        print(
            f"| {name} | {contestant} | {1 / each:.0f} | {each * 1e6:.0f} | {ratio:.1f} | {share:.0f} % |", flush=True
        )


def measure(parent: Path, documents: list[bytes], rounds: int) -> None:
    """Race in a new directory below `parent` and print the table."""
    algorithms: list[tuple[str, Key]] = [
        ("RSA-2048", rsa.generate_private_key(65537, 2048)),
        ("RSA-3072", rsa.generate_private_key(65537, 3072)),
        ("P-256", ec.generate_private_key(ec.SECP256R1())),
    ]
    with tempfile.TemporaryDirectory(dir=parent) as made:
        directory = Path(made)
        sources = [directory / f"{number:03}.pdf" for number in range(len(documents))]
        for path, document in zip(sources, documents, strict=True):
            path.write_bytes(document)
        begin_table(f"Files in {parent}", "key")
        for name, key in algorithms:
            tell(name, race(contestants(key, documents[0]), sources, directory, rounds))
        print(f"\n{judge(directory, sources)} of our seals judged valid by Poppler and sound by qpdf.", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Race Paraph against pyHanko and the physical limit.")
    arguments.add_argument("--directory", type=Path, action="append", help="where to write; several times for several")
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    documents = invoices()
    size = statistics.mean(map(len, documents))
    print(
        f"{INVOICES} invoices of {size / 1000:.0f} kB on average, sealed B-B by one process; medians of {BATCH} each."
    )
    for parent in options.directory or [place for place in PLACES if place.is_dir()]:
        measure(parent, documents, options.rounds)


if __name__ == "__main__":
    main()
