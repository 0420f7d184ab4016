"""A provider that is not ours signs, in version 1 of the API; each of its answers is checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from paraph import pades
from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.cli import run
from paraph.errors import Refused
from paraph.keys.csc import CscService, CscSigner, Version
from paraph_testing import pdfs
from paraph_testing.csc_provider import CscProvider


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CscProvider]:
    with CscProvider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture
def service(provider: CscProvider) -> CscService:
    return CscService(provider.url, None, Version.V1)


@pytest.mark.parametrize(
    ("name", "algorithm"), [("bob", SignatureAlgorithm.ECDSA_SHA256), ("seal", SignatureAlgorithm.RSA_SHA256)]
)
def test_many_digests_are_signed_ten_at_a_time(service: CscService, name: str, algorithm: SignatureAlgorithm) -> None:
    credential = service.credential(f"provider/{name}")
    signer = CscSigner(service, credential)
    assert (signer.algorithm, credential.most, credential.mode) == (algorithm, 10, "implicit")
    assert len(signer.sign_many([Digest.of(bytes([number])) for number in range(25)])) == 25


def test_it_says_who_it_is_and_what_it_holds(service: CscService) -> None:
    assert service.info()["specs"] == "1.0.4.0"
    assert service.credentials() == ["provider/root", "provider/bob", "provider/seal"]


def test_a_credential_that_is_not_there_is_refused(service: CscService) -> None:
    with pytest.raises(Refused, match="404"):
        service.credential("provider/mallory")


def test_the_command_line_signs_with_it(
    provider: CscProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "invoice.pdf").write_bytes(pdfs.invoice())
    key = f"csc:{provider.url}?version=v1"
    assert run(["sign", "invoice.pdf", "--key", f"{key}&credential=provider/bob"]) == 0
    [found] = pades.read((tmp_path / "invoice-signed.pdf").read_bytes())
    assert found.signer.startswith("CN=Bob")
    assert run(["sign", "invoice.pdf", "--key", key]) == 2
    assert "provider/seal" in capsys.readouterr().err
