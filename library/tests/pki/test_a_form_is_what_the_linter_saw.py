"""Certificates of one shape are filled into a linted form, and come out as if each had been built alone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st
from paraph import pki as issuing
from paraph.errors import InputError, LintFailed
from paraph.pki import PersonSubject, profiles
from paraph.pki.form import Addresses, Entry, Shape, _draft, form
from paraph.pki.subjects import named
from paraph_testing.pki import Pki

DAY = timedelta(days=1)
KEYS = {
    "P-256": ec.generate_private_key(ec.SECP256R1()).public_key(),
    "P-521": ec.generate_private_key(ec.SECP521R1()).public_key(),
    "RSA": rsa.generate_private_key(public_exponent=3, key_size=2048).public_key(),
}
BOB = PersonSubject("Bob", "Durand", "FR", "1", "bob@example.org")


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("year", [2026, 2049])
def test_a_second_certificate_equals_one_that_was_built_alone(pki: Pki, name: str, year: int) -> None:
    """Also across the end of 2049, when dates change their form."""
    start = datetime(year, 12, 31, 18, tzinfo=UTC)
    carol = PersonSubject("Carol", "Łukasiewicz-" * 5, "BE", "22", "carol.somebody@example.org")
    first = Entry.of(BOB, KEYS[name], serial=1, at=start - DAY)
    second = Entry.of(carol, KEYS[name], serial=1 << 158, at=start)
    shape = Shape(
        profiles.person().signing_for(DAY / 2),
        pki.issuing.certificate,
        pki.issuing.algorithm,
        first.kinds,
        validity=DAY,
        addresses=Addresses(issuer="http://pki.example.org/ca.cer"),
    )
    assert form(shape, first).filled(second) == _draft(shape, second).tbs_certificate_bytes


def test_each_certificate_begins_with_its_own_second(pki: Pki, noon: datetime) -> None:
    """Also when they are not issued in the order of time, or not by the clock of Greenwich."""
    issuance = issuing.Issuance(profiles.person(), pki.issuing, validity=DAY)
    for later in (0.5, 0.0, 0.999999, 1.0, 7200.0, 0.25):
        at = (noon + timedelta(seconds=later)).astimezone(timezone(timedelta(hours=2)))
        made = x509.load_der_x509_certificate(issuance.issue(BOB, KEYS["P-256"], serial=1, at=at))
        assert made.not_valid_before_utc == noon + timedelta(seconds=int(later))
        assert made.not_valid_after_utc == made.not_valid_before_utc + DAY


@pytest.mark.parametrize("serial", [0, -1, 1 << 159])
def test_a_serial_number_is_judged_every_time(pki: Pki, noon: datetime, serial: int) -> None:
    def issue(number: int) -> x509.Certificate:
        return issuing.issue(
            profiles.person(), BOB, KEYS["P-256"], issuer=pki.issuing, serial=number, at=noon, validity=DAY
        )

    issue(1)
    with pytest.raises(LintFailed, match="serial number"):
        issue(serial)


def test_a_longer_life_is_another_shape_and_is_linted(pki: Pki, noon: datetime) -> None:
    def issue(validity: timedelta) -> x509.Certificate:
        return issuing.issue(
            profiles.person(), BOB, KEYS["P-256"], issuer=pki.issuing, serial=1, at=noon, validity=validity
        )

    issue(DAY)
    with pytest.raises(LintFailed, match=r"EN 319 412-1 §5\.2\.3"):
        issue(2 * DAY)


@pytest.mark.parametrize(
    "address", ["bob@", "Bob <bob@example.org>", "bob@exämple.org", "a b@example.org", "bob\n@x.org"]
)
def test_what_is_no_mailbox_stays_out_of_the_certificate(pki: Pki, noon: datetime, address: str) -> None:
    bob = PersonSubject("Bob", "Durand", "FR", "1", address)
    made = issuing.issue(profiles.person(), bob, KEYS["P-256"], issuer=pki.issuing, serial=1, at=noon, validity=DAY)
    with pytest.raises(x509.ExtensionNotFound):
        made.extensions.get_extension_for_class(x509.SubjectAlternativeName)


@given(st.text(max_size=70), st.text(max_size=70), st.sampled_from(["FR", "fr", "F1", "FRA", "", "É1"]))
def test_names_are_encoded_as_cryptography_does_or_refused(given_name: str, surname: str, country: str) -> None:
    subject = PersonSubject(given_name, surname, country, "1")
    try:
        encoded = named(subject)
    except InputError:
        return
    assert encoded == x509.Name(list(map(x509.NameAttribute, subject.names, subject.values))).public_bytes()
