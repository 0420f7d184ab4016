"""Files are put into a container and signed there: prepared, signed elsewhere, completed, at every level."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from paraph import asic
from paraph.asic import Container, Form, Kind
from paraph.certs import Revocations
from paraph.errors import BrokenDocument, DigestMismatch, InputError, SignatureMismatch
from paraph.signatures import Level, Pending
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

Files = dict[str, bytes]
LEASE = {"lease.txt": b"The lease."}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_reached_at_once_and_later(
    service: StatusService, revocations: Revocations, noon: datetime, files: Files, kind: Kind, form: Form, level: Level
) -> None:
    pki, content = service.pki, files if kind is Kind.E else LEASE
    asked = {"at": noon, "timestamper": pki.timestamper(), "revocations": revocations}
    signed = asic.sign(content, pki.seal, kind=kind, form=form, level=level, **asked)
    two = asic.sign(asic.sign(content, pki.seal, kind=kind, form=form, at=noon), pki.bob, at=noon)
    later = two if level is Level.B else asic.extend(two, level, **asked)
    assert [each.level for each in asic.read(signed)] == [level]
    assert [each.level for each in asic.read(later)] == [level, level]
    assert all(each.covers_whole_document for each in asic.read(later))
    assert Container.from_bytes(signed).files == Container.from_bytes(later).files == content


def test_a_container_begins_with_its_type(pki: Pki, noon: datetime, files: Files) -> None:
    """The first entry, neither compressed nor with an extra field, tells the type without unpacking (annex A.1)."""
    signed = asic.sign(files, pki.bob, at=noon)
    with ZipFile(BytesIO(signed)) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
    assert signed[38:69] == b"application/vnd.etsi.asic-e+zip"


def test_a_signature_is_prepared_here_and_made_elsewhere(pki: Pki, noon: datetime, files: Files) -> None:
    for form in Form:
        pending = asic.prepare(files, pki.bob.certificate, form=form, chain=pki.bob.chain, at=noon)
        resumed = Pending.from_bytes(pending.to_bytes())
        signed = asic.complete(resumed, pki.bob.sign(pending.digest), files)
        assert [each.claimed_at for each in asic.read(signed)] == [noon]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("form", list(Form))
def test_two_sign_at_the_same_time(pki: Pki, noon: datetime, files: Files, kind: Kind, form: Form) -> None:
    """Both prepare the same container; who completes second loses nothing of who was first."""
    content = files if kind is Kind.E else LEASE
    begun = asic.sign(content, pki.seal, kind=kind, form=form, at=noon)
    bob, carol = (asic.prepare(begun, each.certificate, chain=each.chain, at=noon) for each in (pki.bob, pki.carol))
    once = asic.complete(bob, pki.bob.sign(bob.digest), begun)
    twice = asic.complete(carol, pki.carol.sign(carol.digest), once)
    assert len(asic.read(twice)) == 3
    assert asic.extend(twice, Level.T, timestamper=pki.timestamper(), at=noon)


def test_the_judge_opens_it(pki: Pki, noon: datetime, files: Files, tmp_path: Path) -> None:
    if not shutil.which("unzip"):
        pytest.skip("unzip is not installed")
    (tmp_path / "lease.asice").write_bytes(asic.sign(files, pki.bob, at=noon))
    assert subprocess.run(["unzip", "-tqq", tmp_path / "lease.asice"], check=False).returncode == 0


def test_cms_in_a_container_verifies_alone(
    pki: Pki, noon: datetime, tmp_path: Path, openssl: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    meta = Container.from_bytes(asic.sign(LEASE, pki.bob, kind=Kind.S, form=Form.CADES, at=noon)).meta
    (tmp_path / "signature").write_bytes(meta["META-INF/signature.p7s"])
    (tmp_path / "content").write_bytes(LEASE["lease.txt"])
    given = ("-binary", "-inform", "DER", "-in", tmp_path / "signature", "-content", tmp_path / "content")
    assert openssl("cms", "-verify", *given, "-noverify", "-out", tmp_path / "out").returncode == 0


def test_other_files_are_refused(pki: Pki, noon: datetime, files: Files) -> None:
    pending = asic.prepare(files, pki.bob.certificate, at=noon)
    with pytest.raises(DigestMismatch, match="files"):
        asic.complete(pending, pki.bob.sign(pending.digest), {**files, "the lease.txt": b"Another."})


def test_a_changed_pending_signature_is_refused(pki: Pki, noon: datetime, files: Files) -> None:
    one, two = (asic.prepare(files, pki.bob.certificate, at=noon + timedelta(hours=n)) for n in (0, 1))
    with pytest.raises(DigestMismatch, match="changed"):
        asic.complete(replace(one, state=two.state), pki.bob.sign(one.digest), files)
    with pytest.raises(InputError, match="damaged"):
        asic.complete(replace(one, state=b"{}"), b"", files)


def test_somebody_elses_value_is_refused(pki: Pki, noon: datetime, files: Files) -> None:
    for form in Form:
        pending = asic.prepare(files, pki.bob.certificate, form=form, at=noon)
        with pytest.raises(SignatureMismatch):
            asic.complete(pending, pki.carol.sign(pending.digest), files)


def test_a_container_keeps_its_kind_and_form(pki: Pki, noon: datetime, files: Files) -> None:
    signed = asic.sign(files, pki.bob, form=Form.CADES, at=noon)
    with pytest.raises(InputError, match="cannot be changed"):
        asic.prepare(signed, pki.carol.certificate, form=Form.XADES, at=noon)
    with pytest.raises(InputError, match="cannot be changed"):
        asic.prepare(signed, pki.carol.certificate, kind=Kind.S, at=noon)


@pytest.mark.parametrize(
    "names", [[], ["../lease"], ["/lease"], ["mimetype"], ["meta-inf/x"], ["a\\b"], ["a\nb"]], ids=repr
)
def test_names_that_cannot_stand_in_a_container_are_refused(pki: Pki, noon: datetime, names: list[str]) -> None:
    with pytest.raises(InputError):
        asic.prepare(dict.fromkeys(names, b"content"), pki.bob.certificate, at=noon)


def test_asic_s_holds_one_file(pki: Pki, noon: datetime, files: Files) -> None:
    with pytest.raises(InputError, match="ASiC-E"):
        asic.prepare(files, pki.bob.certificate, kind=Kind.S, at=noon)


def test_no_further_signature_goes_over_files_that_were_changed(pki: Pki, noon: datetime, files: Files) -> None:
    container = Container.from_bytes(asic.sign(files, pki.bob, form=Form.CADES, at=noon))
    changed = replace(container, files={**files, "the lease.txt": b"Another."}).to_bytes()
    with pytest.raises(BrokenDocument, match="not what was signed"):
        asic.prepare(changed, pki.carol.certificate, at=noon)
    lost = replace(container, files={"other.txt": b"x"}).to_bytes()
    with pytest.raises(BrokenDocument, match="lost"):
        asic.extend(lost, Level.T, timestamper=pki.timestamper(), at=noon)
