"""What was enrolled is renewed for the same subject, by leave of an officer (RFC 7030 §4.2.2)."""

from pathlib import Path

import est
import pytest
from cryptography import x509
from live import Service
from test_enrolment import enrolled

BOBS_NAME = "/C=FR/O=Atelier Bob/2.5.4.97=NTRFR-555555555/CN=Seal of Atelier Bob DEMO"


def renewal(service: Service, certificate: x509.Certificate) -> str:
    return est.granted(service, f'label = "renewal"\nrenews = "{certificate.serial_number:x}"\n')


@pytest.mark.parametrize("again", [True, False], ids=["same key", "new key"])
def test_the_successor_names_the_same(service: Service, tmp_path: Path, *, again: bool) -> None:
    key, certificate = enrolled(service, tmp_path)
    asked = est.request(key if again else est.key(tmp_path), name=BOBS_NAME)
    answer = est.call(service, "seal/simplereenroll", asked, holder=renewal(service, certificate))
    (successor,) = est.certificates(answer)
    assert successor.subject == certificate.subject
    assert successor.serial_number != certificate.serial_number


def test_a_successor_has_successors(service: Service, tmp_path: Path) -> None:
    key, certificate = enrolled(service, tmp_path)
    for _ in range(2):
        asked, holder = est.request(key, name=BOBS_NAME), renewal(service, certificate)
        (certificate,) = est.certificates(est.call(service, "simplereenroll", asked, holder=holder))
    assert certificate.subject.rfc4514_string().startswith("CN=Seal of Atelier Bob DEMO")


def test_an_agents_mailbox_is_part_of_the_name(service: Service, tmp_path: Path) -> None:
    key, certificate = enrolled(service, tmp_path, est.OTHERS["agent"])
    name = "/C=FR/O=Atelier Bob DEMO/2.5.4.97=NTRFR-555555555/GN=Bob/SN=Durand/CN=Bob Durand/serialNumber=IDCFR-77"
    holder = renewal(service, certificate)
    assert est.call(service, "simplereenroll", est.request(key, name=name), holder=holder).status == 400
    asked = est.request(key, "-addext", "subjectAltName=email:bob@example.org", name=name)
    (successor,) = est.certificates(est.call(service, "simplereenroll", asked, holder=holder))
    assert successor.subject == certificate.subject


def test_a_request_that_names_somebody_else_is_refused(service: Service, tmp_path: Path) -> None:
    key, certificate = enrolled(service, tmp_path)
    refused = est.call(service, "simplereenroll", est.request(key), holder=renewal(service, certificate))
    assert refused.status == 400
    assert "must name exactly" in refused.text


def test_leave_to_enrol_is_no_leave_to_renew(service: Service, tmp_path: Path) -> None:
    key, certificate = enrolled(service, tmp_path)
    asked = est.request(key, name=BOBS_NAME)
    assert "simpleenroll" in est.call(service, "simplereenroll", asked, holder=est.granted(service, est.SEAL)).text
    assert "simplereenroll" in est.call(service, "simpleenroll", asked, holder=renewal(service, certificate)).text


def test_the_former_certificate_alone_renews_nothing(service: Service, tmp_path: Path) -> None:
    key, _ = enrolled(service, tmp_path)
    assert est.call(service, "simplereenroll", est.request(key, name=BOBS_NAME)).status == 401


def test_what_was_revoked_has_no_successor(service: Service, tmp_path: Path) -> None:
    key, certificate = enrolled(service, tmp_path)
    holder = renewal(service, certificate)
    assert service.run("revoke", f"{certificate.serial_number:X}", "--reason", "keyCompromise").returncode == 0
    refused = est.call(service, "simplereenroll", est.request(key, name=BOBS_NAME), holder=holder)
    assert "is over or revoked" in refused.text


def test_what_was_not_enrolled_is_not_renewed(service: Service) -> None:
    (service.folder / "order.toml").write_text('label = "renewal"\nrenews = "1234"\n')
    refused = service.run("grant", str(service.folder / "order.toml"))
    assert (refused.returncode, refused.stderr) == (2, "paraph-trust: No certificate 1234 was enrolled here.\n")
