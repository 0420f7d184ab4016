"""Asking whether certificates are revoked: once, for however many documents are signed with them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from paraph import fetch
from paraph.certs import status
from paraph.certs.names import readable
from paraph.certs.path import TrustStore, path
from paraph.certs.read import parsed, read
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
        online: whether anything is fetched; otherwise only what `collect` is told counts.
    """

    def __init__(
        self, trusted: TrustStore, *, intermediates: Sequence[x509.Certificate] = (), online: bool = True
    ) -> None:
        self._trusted, self._intermediates, self._online = trusted, list(intermediates), online
        self._collected: dict[tuple[x509.Certificate, ValidationData], _Collected] = {}
        self._paths: dict[x509.Certificate, tuple[x509.Certificate, ...]] = {}
        self._answers: dict[x509.Certificate, Answer] = {}
        self._lists: dict[str, bytes] = {}

    def offline(self) -> "Revocations":
        """One that believes only what it is told."""
        return Revocations(self._trusted, intermediates=self._intermediates, online=False)

    def collect(
        self,
        certificate: x509.Certificate,
        *,
        at: datetime,
        now: datetime | None = None,
        known: ValidationData = _NOTHING,
    ) -> ValidationData:
        """Everything that proves that a certificate was good at the time `at`: its path but the root, and their status.

        Args:
            certificate: of a signer or a time-stamping unit.
            at: when its key was used, as a time-stamp proves, or now.
            now: later than `at` when a signature of the past is proved.
            known: what came along: issuers, and answers that are taken while they hold.

        Raises:
            NoPath: it leads to no trusted root.
            Revoked: it was revoked by then, or one of its issuers.
            NoStatus: it does not say where to ask.
            Unavailable: nobody who could tell answers; nothing was lost, try again.
        """
        before = self._collected.get((certificate, known))
        if before is None or not before.since <= at <= before.until:
            before = self._collected[certificate, known] = self._collect(certificate, at, now or at, known)
        return before.data

    def _collect(
        self, certificate: x509.Certificate, at: datetime, now: datetime, known: ValidationData
    ) -> "_Collected":
        data, waiting, seen = ValidationData(), [(certificate, at)], set[x509.Certificate]()
        until = certificate.not_valid_after_utc
        while waiting:
            subject, moment = waiting.pop(0)
            if subject in seen:
                continue
            seen.add(subject)
            *below, root = self._path(subject, known, moment)
            data |= ValidationData.of(below)
            for each, issuer in zip(below, [*below[1:], root], strict=True):
                ends = [issuer.not_valid_after_utc]
                if not status.needs_none(each):
                    answer = self._answer(_Question(each, issuer, moment, now), known)
                    data |= answer.data
                    ends += [answer.until] if answer.until else []
                    waiting += [(answer.responder, answer.since)] if answer.responder else []
                if subject == certificate:  # a responder was asked in the past, which does not pass
                    until = min(until, *ends)
        return _Collected(data, at, until)

    def _path(self, certificate: x509.Certificate, known: ValidationData, at: datetime) -> tuple[x509.Certificate, ...]:
        """The path to a root, missing issuers looked up where the certificates say they are (RFC 5280 §4.2.2.1)."""
        walked = self._paths.get(certificate, ())
        if walked and all(each.not_valid_before_utc <= at <= each.not_valid_after_utc for each in walked):
            return walked
        last, carried = certificate, [parsed(each) for each in known.certificates]
        for _ in range(_LONGEST):
            issuers = [*carried, *self._intermediates]
            try:
                found = self._paths[certificate] = path(
                    certificate, intermediates=issuers, trusted=self._trusted, at=at
                )
            except NoPath:
                issuer = self._issuer(last, issuers)
                if issuer is None:
                    raise
                last = issuer
            else:
                return found
        raise NoPath(f"No path leads from {readable(certificate.subject)} to a trusted root.")

    def _issuer(self, certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> x509.Certificate | None:
        for each in known:
            if each.subject == certificate.issuer and each != certificate:
                return each
        for address in _addresses(certificate, AuthorityInformationAccessOID.CA_ISSUERS) if self._online else ():
            try:
                found = read(_got(address, fetch.get(address)))
            except (Unavailable, UnusableCertificate):
                continue
            self._intermediates += found
            return next((each for each in found if each.subject == certificate.issuer), None)
        return None

    def _answer(self, question: "_Question", known: ValidationData) -> Answer:
        """That a certificate was good: as it came along, as remembered, or as asked for."""
        reasons: list[str] = []
        for attempt in self._attempts(question, known):
            try:
                answer = attempt()
            except (Unusable, Unavailable) as failure:
                reasons.append(str(failure))
            else:
                self._answers[question.certificate] = answer
                return answer
        name = readable(question.certificate.subject)
        if not reasons and self._online:
            raise NoStatus(f"The certificate of {name} does not say where its status can be asked.")
        raise Unavailable(f"The status of the certificate of {name} could not be learnt: {' '.join(reasons)}")

    def _attempts(self, question: "_Question", known: ValidationData) -> Iterator[Callable[[], Answer]]:
        """What is at hand first, then responders, then lists, each address as often as may help."""
        for encoded in known.ocsps:
            if _speaks_of(encoded, question.certificate):
                yield partial(question.by_response, encoded)
        for encoded in known.crls:
            yield partial(question.by_list, encoded)
        remembered = self._answers.get(question.certificate)
        if remembered and (remembered.until is None or remembered.until >= question.at):
            yield lambda: remembered
        if self._online:
            for address in _addresses(question.certificate, AuthorityInformationAccessOID.OCSP):
                yield partial(_by_responder, address, question)
            for address in _lists(question.certificate):
                yield partial(self._by_list, address, question)

    def _by_list(self, address: str, question: "_Question") -> Answer:
        if address in self._lists:
            try:
                return question.by_list(self._lists[address])
            except Unusable:
                del self._lists[address]
        encoded = _tried(lambda: _got(address, fetch.get(address)))
        answer = question.by_list(encoded)
        self._lists[address] = encoded
        return answer


@dataclass(frozen=True, slots=True)
class _Collected:
    """What proved a certificate good, and for which times it does."""

    data: ValidationData
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class _Question:
    certificate: x509.Certificate
    issuer: x509.Certificate
    at: datetime
    now: datetime

    def by_response(self, encoded: bytes) -> Answer:
        return status.by_response(encoded, self.certificate, self.issuer, at=self.at, now=self.now)

    def by_list(self, encoded: bytes) -> Answer:
        return status.by_list(encoded, self.certificate, self.issuer, at=self.at, now=self.now)


def _by_responder(address: str, question: _Question) -> Answer:
    # SHA-1 only names the issuer here, and there are responders that understand nothing else (RFC 5019 §2.1.1).
    builder = ocsp.OCSPRequestBuilder().add_certificate(question.certificate, question.issuer, SHA1())  # noqa: S303  as said
    body = builder.build().public_bytes(Encoding.DER)
    return question.by_response(
        _tried(lambda: _got(address, fetch.post(address, body, content_type="application/ocsp-request")))
    )


def _tried(ask: Callable[[], bytes]) -> bytes:
    for _ in range(_ATTEMPTS - 1):
        try:
            return ask()
        except Unavailable:
            continue
    return ask()


def _got(address: str, answer: fetch.Answer) -> bytes:
    if answer.status != _OK:
        raise Unavailable(f"{address} answers with HTTP status {answer.status}.")
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
