"""The readers, each as a function of bytes: whatever is given, an error of `paraph.errors` is the worst that comes."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from paraph import asic, cades, certs, documents, pades, timestamps, xades
from paraph.algorithms import Digest
from paraph.certs import Revocations, status
from paraph.cms import SignedData
from paraph.errors import ParaphError
from paraph.signatures import Level, Pending
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@cache
def hierarchy() -> Pki:
    """One whose status is told, to whoever makes the seeds."""
    return StatusService(NOON).__enter__().pki


def pdf(data: bytes) -> None:
    """Inspect, read, sign, extend."""
    _each(
        data,
        pades.inspect,
        pades.read,
        lambda given: pades.prepare(given, hierarchy().bob.certificate, at=NOON),
        _extending(pades.extend),
    )


def cms(data: bytes) -> None:
    _each(
        data,
        lambda given: SignedData.parse(given).to_der(),
        cades.read,
        cades.content_of,
        _extending(cades.extend),
    )


def xml(data: bytes) -> None:
    _each(
        data,
        xades.read,
        lambda given: xades.prepare(given, hierarchy().bob.certificate, at=NOON),
        _extending(xades.extend),
    )


def container(data: bytes) -> None:
    _each(
        data,
        asic.read,
        lambda given: asic.prepare(given, hierarchy().bob.certificate, at=NOON),
        _extending(asic.extend),
    )


def token(data: bytes) -> None:
    _each(data, timestamps.read, timestamps.certificates_in)


def request(data: bytes) -> None:
    """A time-stamp authority answers everything."""
    hierarchy().timestamp(data)


def ocsp_request(data: bytes) -> None:
    """A responder answers everything."""
    hierarchy().ocsp(data)


def certificates(data: bytes) -> None:
    _each(data, certs.read)


def ocsp_response(data: bytes) -> None:
    people = hierarchy()
    _each(
        data,
        lambda given: status.by_response(given, people.seal.certificate, people.issuing.certificate, at=NOON, now=NOON),
    )


def revocation_list(data: bytes) -> None:
    people = hierarchy()
    _each(
        data,
        lambda given: status.by_list(given, people.seal.certificate, people.issuing.certificate, at=NOON, now=NOON),
    )


def whatever(data: bytes) -> None:
    """What somebody drops on the command: the format is found by content."""
    _each(data, lambda given: documents.Format.fitting("file", given), documents.read, Pending.from_bytes)


def _extending(extend: Callable[..., bytes]) -> Callable[[bytes], object]:
    """As far as it goes with what the signatures bring along: nothing is fetched."""
    people = hierarchy()
    known = Revocations(people.trusted).offline()
    return partial(extend, level=Level.LTA, timestamper=people.timestamper(), revocations=known, at=NOON)


def _each(data: bytes, *readers: Callable[[bytes], object]) -> None:
    for read in readers:
        try:
            read(data)
        except ParaphError:
            continue


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (
        pdf,
        cms,
        xml,
        container,
        token,
        request,
        ocsp_request,
        ocsp_response,
        revocation_list,
        certificates,
        whatever,
    )
}


def seeds(name: str) -> list[bytes]:
    """What is sound, to begin with."""
    return _SOUND.get(name, lambda _: [pdfs.invoice(), b"<a/>", b"text"])(hierarchy())


def _kept(people: Pki) -> dict[str, Any]:
    """How to sign for the long term."""
    return {
        "at": NOON,
        "level": Level.LTA,
        "timestamper": people.timestamper(),
        "revocations": Revocations(people.trusted),
    }


_SOUND: dict[str, Callable[[Pki], list[bytes]]] = {
    "pdf": lambda people: [pdfs.invoice(), pades.sign(pdfs.invoice(), people.bob, **_kept(people))],
    "cms": lambda people: [cades.sign(b"a", people.bob, at=NOON), cades.sign(b"a", people.seal, **_kept(people))],
    "xml": lambda people: [
        b"<a xmlns='urn:a'><!-- b --><c d='e'/></a>",
        xades.sign(b"<a/>", people.bob, at=NOON),
        xades.sign(b"<a/>", people.bob, **_kept(people)),
    ],
    "container": lambda people: [asic.sign({"a": b"x"}, people.bob, form=form, **_kept(people)) for form in asic.Form],
    "token": lambda people: [people.timestamper().timestamp(Digest.of(b"lease"))],
    "request": lambda _: [timestamps.request(Digest.of(b"lease"), nonce=7)],
    "ocsp_request": lambda people: [_question(people)],
    "ocsp_response": lambda people: [people.ocsp(_question(people))],
    "revocation_list": lambda people: [people.revocation_lists()[1]],
    "certificates": lambda people: [people.bob.certificate.public_bytes(each) for each in (Encoding.PEM, Encoding.DER)],
}


def _question(people: Pki) -> bytes:
    builder = ocsp.OCSPRequestBuilder()
    return (
        builder.add_certificate(people.seal.certificate, people.issuing.certificate, SHA256())
        .build()
        .public_bytes(Encoding.DER)
    )
