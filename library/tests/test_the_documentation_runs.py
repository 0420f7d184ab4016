"""The samples of `docs/library.md`, one after the other, as a reader would try them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from paraph import fetch, pades
from paraph_testing import pdfs
from paraph_testing.pki import Pki

PAGE = Path(__file__).parents[2] / "docs" / "library.md"
SAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_sample_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pki = Pki(datetime.now(UTC) - timedelta(minutes=1))
    seal = pki.seal
    lock = BestAvailableEncryption(b"correct horse battery staple")
    monkeypatch.chdir(tmp_path)
    Path("seal.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", seal._key, seal.certificate, list(seal.chain), lock)
    )
    Path("root.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    Path("invoice.pdf").write_bytes(pdfs.invoice())

    def post(url: str, body: bytes, *, content_type: str, headers: dict[str, str] | None = None) -> fetch.Answer:
        assert url == "http://tsa.example.org"
        response = pki.timestamper()._authority.respond(body, at=datetime.now(UTC), serial=1)
        return fetch.Answer(200, "application/timestamp-reply", response)

    monkeypatch.setattr(fetch, "post", post)
    names: dict[str, object] = {}
    samples = SAMPLE.findall(PAGE.read_text())
    for sample in samples:
        exec(compile(sample, str(PAGE), "exec"), names)
    assert len(samples) == 6
    for file in ("invoice-signed.pdf", "sealed-2.pdf"):
        assert len(pades.read(Path(file).read_bytes())) == 1
    assert "not-a-pdf The file is not a PDF." in capsys.readouterr().out
