"""How fast PDFs are sealed at B-T and B-LT: Paraph, and pyHanko as it comes.

Both ask our time-stamp authority, with P-256 in this process, and validation data are at hand: pyHanko's in its
validation context, ours after the first document. The physical limit is that of B-B; each level adds one signature by
the authority to it.

    uv run --no-sync python -m benchmarks.levels [--rounds N]
"""

import argparse
import logging
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paraph import pades
from paraph.certs import Revocations
from paraph.keys.file import FileSigner
from paraph.signatures import Level
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.sealing import (
    PLACES,
    PYHANKO_EVERY,
    Contestant,
    begin_table,
    invoices,
    judge,
    limit,
    paraph,
    race,
    tell,
)


def contestants(service: StatusService, signer: FileSigner, level: Level, document: bytes) -> list[Contestant]:
    pki = service.pki
    clock = pki.timestamper(datetime.now(UTC))
    sealer = pades.Sealer(signer, level=level, timestamper=clock, revocations=Revocations(pki.trusted))
    added = len(sealer.addition(document, at=datetime.now(UTC)))
    key = signer._key  # noqa: SLF001  the bare primitive is what it is compared with
    return [
        Contestant("physical limit", limit(key, added), 1),
        Contestant("Paraph", paraph(sealer), 1),
        Contestant("pyHanko", _pyhanko(service, signer, level), PYHANKO_EVERY),
    ]


def _pyhanko(service: StatusService, signer: FileSigner, level: Level) -> Callable[[Path, Path], None]:
    """As its documentation shows it: a validation context for each document, nobody asked over the network."""
    pki = service.pki
    issuing, root = map(_certificate, signer.chain)
    stamper = _InProcess(pki)
    bare = signers.SimpleSigner(_certificate(signer.certificate), _private(signer), _store(issuing))
    lists = list(pki.revocation_lists())

    def seal(source: Path, target: Path) -> None:
        meta = signers.PdfSignatureMetadata(
            field_name="Seal",
            subfilter=fields.SigSeedSubFilter.PADES,
            name="Atelier Marchand",
            md_algorithm="sha256",
            embed_validation_info=level is Level.LT,
            validation_context=ValidationContext(
                trust_roots=[root], other_certs=[issuing], crls=lists, allow_fetching=False, revocation_mode="hard-fail"
            )
            if level is Level.LT
            else None,
        )
        with source.open("rb") as document, target.open("wb") as signed:
            pdf_signer = signers.PdfSigner(meta, signer=bare, timestamper=stamper)
            pdf_signer.sign_pdf(IncrementalPdfFileWriter(document), output=signed)

    return seal


class _InProcess(TimeStamper):
    """Our authority, for pyHanko."""

    def __init__(self, pki: Pki) -> None:
        super().__init__()
        self._pki = pki

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._pki.timestamp(req.dump()))


def _certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _private(signer: FileSigner) -> asn1_keys.PrivateKeyInfo:
    key = signer._key  # noqa: SLF001  as above
    return asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def _store(*certificates: asn1_x509.Certificate) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register_multiple(certificates)
    return store


def main() -> None:
    logging.disable(logging.WARNING)  # pyHanko's, about data that are at hand
    arguments = argparse.ArgumentParser(description="Race Paraph against pyHanko at B-T and B-LT.")
    arguments.add_argument("--rounds", type=int, default=3)
    rounds = arguments.parse_args().rounds
    documents = invoices()
    parent = next(place for place in PLACES if place.is_dir())
    with (
        StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service,
        tempfile.TemporaryDirectory(dir=parent) as made,
    ):
        directory = Path(made)
        sources = [directory / f"{number:03}.pdf" for number in range(len(documents))]
        for path, document in zip(sources, documents, strict=True):
            path.write_bytes(document)
        begin_table(f"With time-stamps and validation data, files in {parent}", "level, key")
        for level in (Level.T, Level.LT):
            for name, signer in (("RSA-2048", service.pki.rsa_seal), ("P-256", service.pki.seal)):
                entrants = contestants(service, signer, level, documents[0])
                tell(f"{level.value}, {name}", race(entrants, sources, directory, rounds))
                judge(directory, sources, stored=level is Level.LT)


if __name__ == "__main__":
    main()
