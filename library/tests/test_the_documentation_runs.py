"""The samples of `docs/library.md`, one after the other, as a reader would try them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from paraph import fetch, pades
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService
from paraph_testing.token import Token

PAGE = Path(__file__).parents[2] / "docs" / "library.md"
SAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_sample_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service:
        _run_every_sample(service.pki, tmp_path, monkeypatch)
    assert "not-a-pdf The file is not a PDF." in capsys.readouterr().out


def _run_every_sample(pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = pki.seal
    lock = BestAvailableEncryption(b"correct horse battery staple")
    monkeypatch.chdir(tmp_path)
    Path("seal.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", seal._key, seal.certificate, list(seal.chain), lock)
    )
    Path("root.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    Path("invoice.pdf").write_bytes(pdfs.invoice())

    Token(tmp_path, "Seals").put(pki.rsa_seal, "invoices")
    send = fetch.post

    def post(url: str, body: bytes, *, content_type: str, headers: dict[str, str] | None = None) -> fetch.Answer:
        return send(url.replace("http://tsa.example.org", f"{pki.address}/tsa"), body, content_type=content_type)

    monkeypatch.setattr(fetch, "post", post)
    names: dict[str, object] = {}
    samples = SAMPLE.findall(PAGE.read_text())
    for sample in samples:
        exec(compile(sample, str(PAGE), "exec"), names)
    assert len(samples) == 15
    for file in ("invoice-signed.pdf", "sealed-2.pdf"):
        assert len(pades.read(Path(file).read_bytes())) == 1
