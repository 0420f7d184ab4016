"""Asking whether certificates are revoked: once, for however many documents are signed with them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from paraph import fetch
from paraph.certs import status
from paraph.certs.path import TrustStore, path
from paraph.certs.read import read
from paraph.certs.status import Answer, Unusable
from paraph.certs.validation_data import ValidationData
from paraph.errors import NoPath, ParaphError, Refused, Unavailable, UnusableCertificate

_ATTEMPTS = 2
"""For each address, before the next one is tried."""
_OK = 200
_LONGEST = 6
"""Issuers that are looked up at their addresses, one after the other."""


_NOTHING = ValidationData()


class NoStatus(Refused):
    """A certificate that does not say where its status can be asked."""

    code = "no-status"


class Revocations:
    """Validation data for the certificates of signatures and time-stamps; keep one for a batch.

    What was fetched is asked for again only when it has run out.

    Args:
        trusted: where paths end; roots need no status.
        intermediates: issuers that are known beside those that come along.
        known: answers at hand, such as those that stand in a document already; they are taken while they hold.
    """

    def __init__(
        self,
        trusted: TrustStore,
        *,
        intermediates: Sequence[x509.Certificate] = (),
        known: ValidationData = _NOTHING,
    ) -> None:
        self._trusted, self._intermediates, self._known = trusted, list(intermediates), known
        self._answers: dict[bytes, Answer] = {}
        self._lists: dict[str, bytes] = {}

    def collect(self, certificates: Sequence[x509.Certificate], *, at: datetime) -> ValidationData:
        """Everything that proves the certificates good, their paths included, the roots not.

        Each must lead to a trusted root; of what stands between them, issuers may be among the `certificates` too.

        Raises:
            NoPath: one leads to no trusted root.
            Revoked: one is.
            NoStatus: one does not say where to ask.
            Unavailable: nobody who could tell answers; nothing was lost, try again.
        """
        collected, waiting, seen = ValidationData(), list(certificates), set[x509.Certificate]()
        while waiting:
            certificate = waiting.pop(0)
            if certificate in seen:
                continue
            seen.add(certificate)
            *below, root = self._path(certificate, certificates, at)
            collected |= ValidationData.of(below)
            for each, issuer in zip(below, [*below[1:], root], strict=True):
                if status.needs_none(each):
                    continue
                answer, data = self._answer(each, issuer, at)
                collected |= data
                if answer.responder:
                    waiting.append(answer.responder)
        return collected

    def _path(
        self, certificate: x509.Certificate, others: Sequence[x509.Certificate], at: datetime
    ) -> tuple[x509.Certificate, ...]:
        """The path to a root, missing issuers looked up where the certificates say they are (RFC 5280 §4.2.2.1)."""
        last = certificate
        for _ in range(_LONGEST):
            known = [*others, *self._intermediates]
            try:
                return path(certificate, intermediates=known, trusted=self._trusted, at=at)
            except NoPath:
                issuer = self._issuer(last, known)
                if issuer is None:
                    raise
                last = issuer
        raise NoPath(f"No path leads from {certificate.subject.rfc4514_string()} to a trusted root.")

    def _issuer(self, certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> x509.Certificate | None:
        for each in known:
            if each.subject == certificate.issuer and each != certificate:
                return each
        for address in _addresses(certificate, AuthorityInformationAccessOID.CA_ISSUERS):
            try:
                found = read(_got(fetch.get(address)))
            except (Unavailable, UnusableCertificate):
                continue
            self._intermediates += found
            return next((each for each in found if each.subject == certificate.issuer), None)
        return None

    def _answer(
        self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> tuple[Answer, ValidationData]:
        """That a certificate is good: known, remembered, or asked for."""
        key = certificate.public_bytes(Encoding.DER)
        remembered = self._answers.get(key)
        if remembered is None or (remembered.valid_until is not None and remembered.valid_until < at):
            remembered = self._answers[key] = self._ask(certificate, issuer, at)
        is_list = remembered.encoded in self._lists.values() or remembered.encoded in self._known.crls
        data = ValidationData(crls=(remembered.encoded,)) if is_list else ValidationData(ocsps=(remembered.encoded,))
        return remembered, data

    def _ask(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Answer:
        reasons: list[str] = []
        for attempt in self._attempts(certificate, issuer, at):
            try:
                return attempt()
            except (Unusable, Unavailable) as failure:
                reasons.append(str(failure))
        name = certificate.subject.rfc4514_string()
        if not reasons:
            raise NoStatus(f"The certificate of {name} does not say where its status can be asked.")
        raise Unavailable(f"The status of the certificate of {name} could not be learnt: {' '.join(reasons)}")

    def _attempts(
        self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> Iterator[Callable[[], Answer]]:
        """What is at hand first, then responders, then lists, each address as often as may help."""
        for encoded in self._known.ocsps:
            if _speaks_of(encoded, certificate):
                yield partial(status.by_response, encoded, certificate, issuer, at=at)
        for encoded in self._known.crls:
            yield partial(status.by_list, encoded, certificate, issuer, at=at)
        for address in _addresses(certificate, AuthorityInformationAccessOID.OCSP):
            yield partial(self._by_responder, address, certificate, issuer, at)
        for address in _lists(certificate):
            yield partial(self._by_list, address, certificate, issuer, at)

    def _by_responder(
        self, address: str, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> Answer:
        # SHA-1 only names the issuer here, and there are responders that understand nothing else (RFC 5019 §2.1.1).
        asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1()).build()  # noqa: S303  as said
        body = asked.public_bytes(Encoding.DER)
        encoded = _tried(lambda: _got(fetch.post(address, body, content_type="application/ocsp-request")))
        return status.by_response(encoded, certificate, issuer, at=at)

    def _by_list(self, address: str, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Answer:
        if address in self._lists:
            try:
                return status.by_list(self._lists[address], certificate, issuer, at=at)
            except Unusable:
                del self._lists[address]
        encoded = _tried(lambda: _got(fetch.get(address)))
        answer = status.by_list(encoded, certificate, issuer, at=at)
        self._lists[address] = encoded
        return answer


def _tried(ask: Callable[[], bytes]) -> bytes:
    for _ in range(_ATTEMPTS - 1):
        try:
            return ask()
        except Unavailable:
            continue
    return ask()


def _got(answer: fetch.Answer) -> bytes:
    if answer.status != _OK:
        raise Unavailable(f"It answers with HTTP status {answer.status}.")
    return answer.body


def _speaks_of(encoded: bytes, certificate: x509.Certificate) -> bool:
    try:
        return any(
            each.serial_number == certificate.serial_number for each in ocsp.load_der_ocsp_response(encoded).responses
        )
    except (ValueError, ParaphError):
        return False


def _addresses(certificate: x509.Certificate, kind: x509.ObjectIdentifier) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [
        each.access_location.value
        for each in access
        if each.access_method == kind and isinstance(each.access_location, x509.UniformResourceIdentifier)
    ]


def _lists(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name for point in points for name in point.full_name or () if point.reasons is None]
    return [each.value for each in names if isinstance(each, x509.UniformResourceIdentifier)]
