"""Trusted lists of the Member States (eIDAS art. 22, ETSI TS 119 612): was a certificate qualified, and for what?

lists = TrustedLists(folder)
lists.refresh(at=now)                                  fetches and verifies them, keeps what is good
lists.qualification(certificate, chain, at=now)        asks nobody
lists.anchor(certificate, chain, at=now)               nor does this: where its path may end
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from paraph import fetch
from paraph.certs import TrustStore, path, read
from paraph.errors import NoPath, ParaphError, Unavailable, UnusableCertificate
from paraph.formats import xml

if TYPE_CHECKING:  # pyHanko's reader takes seconds to load, which only those who ask need to wait for
    from pyhanko.sign.validation.qualified.eutl_parse import LOTLParseResult, TLReference
    from pyhanko.sign.validation.qualified.tsp import TSPRegistry

OFFICIAL = "https://ec.europa.eu/tools/lotl/eu-lotl.xml"
"""The list of the lists (Commission Implementing Decision (EU) 2015/1505)."""
_LISTS_RULES = "http://uri.etsi.org/TrstSvc/TrustedList/schemerules/EUlistofthelists"
_INDEX = "lists.json"
_TSL = "{http://uri.etsi.org/02231/v2#}"

Get = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the lists say of a certificate, at its issuance and at the time that was asked about."""

    qualified: bool
    purpose: str = ""
    """`esign`, `eseal` or `web`."""
    on_device: bool = False
    """Whether its key lives in a qualified signature creation device."""
    service: str = ""
    """The listed service that issued it, and the list's territory."""


NOT_QUALIFIED = Qualification(qualified=False)


class TrustedLists:
    """The lists, verified when they were fetched, in a folder that nobody else writes to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def refresh(
        self,
        *,
        address: str = OFFICIAL,
        signers: Sequence[x509.Certificate] = (),
        get: Get | None = None,
        at: datetime,
    ) -> list[str]:
        """Fetch every list anew; one that cannot be had or verified stays as it was, until it is out of date.

        Args:
            address: of the list of the lists.
            signers: who may have signed it; without, those that the Official Journal names.
            get: what fetches an address; raises `Unavailable`.
            at: now.

        Returns:
            What went wrong, one sentence for each list.

        Raises:
            Unavailable: the list of the lists cannot be had, or is nobody's whom we know; nothing has changed.
        """
        got = get or _get
        listed = _lists(got(address), signers)
        index, faults = self._index(), []
        for reference in listed.references:
            if _LISTS_RULES in reference.scheme_rules:
                continue
            try:
                index[reference.territory] = self._take(reference, got(reference.location_uri), at)
            except (ParaphError, Unavailable) as error:
                faults.append(f"The trusted list of {reference.territory} stays as it was: {error}")
        _write(self.folder / _INDEX, json.dumps(index, indent=1).encode())
        return faults

    def age(self, *, at: datetime) -> timedelta | None:
        """Since when the oldest list is what was fetched; None before the first time."""
        fetched = [datetime.fromisoformat(facts["fetched"]) for facts in self._index().values()]
        return at - min(fetched) if fetched else None

    def anchor(
        self, certificate: x509.Certificate, chain: Sequence[x509.Certificate], *, at: datetime
    ) -> x509.Certificate | None:
        """The authority to which a qualified certificate leads: whoever trusts the lists need look no further up.

        It is the lists' own certificate, of a service for qualified certificates (`CA/QC`) that was granted when
        `certificate` was issued and still is at `at`; None for a certificate that is not qualified. `chain` is what
        came along, if anything did: nothing in it is believed.
        """
        names = {_name(each.issuer) for each in (certificate, *chain)}
        for territory, facts in sorted(self._current(at).items()):
            if names.isdisjoint(facts.get("names", ())):
                continue
            for listed in self._authorities(territory, facts, names):
                try:
                    _own, *issuers = path(certificate, intermediates=chain, trusted=TrustStore((listed,)), at=at)
                except NoPath:
                    continue
                if (found := self.qualification(certificate, issuers, at=at)) and found.qualified:
                    return listed
        return None

    def _authorities(self, territory: str, facts: dict[str, Any], names: set[str]) -> list[x509.Certificate]:
        """The certificates that a list gives for authorities of these names."""
        registry, found = _registry(self.folder / f"{territory}.xml", facts["digest"]), []
        for each in registry.known_certificate_authorities:
            if _hash(each.name.dump()) in names:
                with suppress(UnusableCertificate):
                    found += read(each.certificate.dump())  # type: ignore[attr-defined]  # a list gives certificates
        return found

    def qualification(
        self, certificate: x509.Certificate, chain: Sequence[x509.Certificate], *, at: datetime
    ) -> Qualification | None:
        """Whether a certificate was qualified when it was issued and still is at `at` (TS 119 615 §4.4).

        `chain` are its issuers. None where no list is at hand that could say so.
        """
        current = self._current(at)
        if not current:
            return None
        issuers = {_key(each) for each in chain}
        for territory, facts in sorted(current.items()):
            if issuers & set(facts["authorities"]):
                registry = _registry(self.folder / f"{territory}.xml", facts["digest"])
                then, now = (
                    _assess(registry, certificate, chain, moment, territory, declared=moment is at)
                    for moment in (certificate.not_valid_before_utc, at)
                )
                return now if then.qualified else NOT_QUALIFIED
        return NOT_QUALIFIED

    def _index(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.folder / _INDEX).read_bytes()))
        except FileNotFoundError:
            return {}

    def _current(self, at: datetime) -> dict[str, Any]:
        """The lists that are not out of date."""
        return {name: facts for name, facts in self._index().items() if at < datetime.fromisoformat(facts["until"])}

    def _take(self, reference: "TLReference", content: bytes, at: datetime) -> dict[str, Any]:
        """Verify a list and keep it; what the index says of it."""
        until = _next_update(content)
        if until <= at:
            raise Unavailable(f"it is out of date since {until:%Y-%m-%d}.")
        registry = _verified(content, reference)
        known = list(registry.known_certificate_authorities)
        _write(self.folder / f"{reference.territory}.xml", content)
        digest = hashlib.sha256(content).hexdigest()
        return {
            "until": until.isoformat(),
            "fetched": at.isoformat(),
            "digest": digest,
            "authorities": sorted({_key_of(each) for each in known}),
            "names": sorted({_hash(each.name.dump()) for each in known}),
        }


def _get(address: str) -> bytes:
    answer = fetch.get(address)
    if answer.status != 200:  # noqa: PLR2004  HTTP's only yes to a GET
        raise Unavailable(f"{address} answers {answer.status}.")
    return answer.body


def _lists(content: bytes, signers: Sequence[x509.Certificate]) -> "LOTLParseResult":
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415  slow, as said above
    from pyhanko.sign.validation.qualified import eutl_parse  # noqa: PLC0415

    known = [_asn1(each) for each in signers] or None
    try:
        return eutl_parse.validate_and_parse_lotl(_text(content), known)
    except (SignatureValidationError, ValueError) as error:
        raise Unavailable(f"The list of the trusted lists cannot be verified: {error}") from None


def _verified(content: bytes, reference: "TLReference") -> "TSPRegistry":
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415  slow, as said above
    from pyhanko.sign.validation.qualified import eutl_parse  # noqa: PLC0415

    try:
        registry, _faults = eutl_parse.trust_list_to_registry(_text(content), reference.tlso_certs)
    except (SignatureValidationError, ValueError) as error:
        raise Unavailable(f"it cannot be verified: {error}") from None
    return registry


@lru_cache(maxsize=32)
def _registry(file: Path, digest: str) -> "TSPRegistry":
    """A list that was verified before; `digest` is that of its content then."""
    from pyhanko.sign.validation.qualified import eutl_parse  # noqa: PLC0415  slow, as said above

    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Unavailable(f"The trusted list in {file} is not the one that was verified.")
    return eutl_parse.trust_list_to_registry_unsafe(_text(content))[0]


def _assess(
    registry: "TSPRegistry",
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    moment: datetime,
    territory: str,
    *,
    declared: bool,
) -> Qualification:
    """What one list says; `declared`: it must say, too, that the service issues such certificates for this purpose.

    Of what a service was before, pyHanko does not read that.
    """
    from pyhanko.sign.validation.qualified.assess import QualificationAssessor  # noqa: PLC0415  slow, as said above
    from pyhanko_certvalidator.authority import AuthorityWithCert, TrustAnchor  # noqa: PLC0415
    from pyhanko_certvalidator.path import ValidationPath  # noqa: PLC0415

    *between, top = [_asn1(each) for each in chain]
    path = ValidationPath(TrustAnchor(AuthorityWithCert(top)), reversed(between), _asn1(certificate))
    try:
        found = QualificationAssessor(registry).check_entity_cert_qualified(path, moment)
    except (NotImplementedError, ValueError):  # statements that contradict each other, or cannot be read
        return NOT_QUALIFIED
    if not found.status.qualified or found.service_definition is None:
        return NOT_QUALIFIED
    status, listed = found.status, found.service_definition.base_info
    if declared and status.qc_type not in listed.additional_info_certificate_type:
        return NOT_QUALIFIED
    return Qualification(
        qualified=True,
        purpose=status.qc_type.value.removeprefix("qct_"),
        on_device=status.qc_key_security.is_qscd,
        service=f"{listed.service_name} ({territory})",
    )


def _text(content: bytes) -> str:
    """A list as text, once it is known to be plain XML: no document type, no entities."""
    xml.parse(content)
    return content.decode("utf-8-sig")


def _next_update(content: bytes) -> datetime:
    found = xml.parse(content).findtext(f"{_TSL}SchemeInformation/{_TSL}NextUpdate/{_TSL}dateTime")
    try:
        moment = datetime.fromisoformat(found or "")
    except ValueError:
        raise Unavailable("it does not say until when it is good.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    loaded: asn1_x509.Certificate = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return loaded


def _key(certificate: x509.Certificate) -> str:
    encoded = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _hash(encoded)


def _key_of(authority: Any) -> str:
    return _hash(authority.public_key.dump())


def _name(name: x509.Name) -> str:
    return _hash(name.public_bytes())


def _hash(encoded: bytes) -> str:
    return base64.b64encode(hashlib.sha256(encoded).digest()).decode()


def _write(file: Path, content: bytes) -> None:
    """A file that is there as a whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(file)
