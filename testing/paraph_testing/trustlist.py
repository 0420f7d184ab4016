"""Trusted lists as a Member State and the Commission publish them (TS 119 612), signed by keys of our own.

state = Publisher(pki)
lists.refresh(address=state.address, signers=[state.signer.certificate], get=state.get, at=noon)
"""

import base64
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from paraph.errors import Unavailable
from paraph.keys.file import FileSigner
from paraph.trustlists import TrustedLists
from signxml.algorithms import SignatureMethod
from signxml.xades.xades import XAdESSigner

from paraph_testing.pki import Pki

TSL = "http://uri.etsi.org/02231/v2#"
SIE = "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#"
_TRUSTED_LIST = "http://uri.etsi.org/TrstSvc/TrustedList"
LISTS_TYPE, GENERIC_TYPE = f"{_TRUSTED_LIST}/TSLType/EUlistofthelists", f"{_TRUSTED_LIST}/TSLType/EUgeneric"
STATUS, QUALIFIERS = f"{_TRUSTED_LIST}/Svcstatus", f"{_TRUSTED_LIST}/SvcInfoExt"
_ADDRESS = """<PostalAddresses><PostalAddress xml:lang="en"><StreetAddress>1 rue des Essais</StreetAddress>
    <Locality>Clermont-Ferrand</Locality><PostalCode>63000</PostalCode><CountryName>FR</CountryName></PostalAddress>
    </PostalAddresses><ElectronicAddress><URI xml:lang="en">mailto:lists@example.org</URI>
    <URI xml:lang="en">https://lists.example.org</URI></ElectronicAddress>"""
LISTS, FRANCE = "https://lists.example.org/lotl.xml", "https://lists.example.org/fr.xml"


class Publisher:
    """Publishes a list of the lists that knows one territory, France, whose list holds the issuing authority of `pki`.

    Args:
        pki: whose issuing authority is listed, from ten days before its time on.
        status: of the service: `granted`, `withdrawn` …
        qualifiers: what the list says of its certificates, whatever they say themselves: `QCWithQSCD` …
        purposes: for what it issues qualified certificates: `ForeSignatures`, `ForeSeals` …
        at: when the lists are issued; they are good for half a year.
    """

    address = LISTS

    def __init__(
        self,
        pki: Pki,
        *,
        status: str = "granted",
        qualifiers: tuple[str, ...] = (),
        purposes: tuple[str, ...] = ("ForeSignatures",),
        at: datetime | None = None,
    ) -> None:
        self.pki, self.status, self.qualifiers, self.purposes, self.at = pki, status, qualifiers, purposes, at or pki.at
        self.commission, self.state = Pki(pki.at).seal, Pki(pki.at).seal
        self.forged: dict[str, bytes] = {}
        """What is answered instead, by address."""

    @property
    def signer(self) -> FileSigner:
        return self.commission

    def get(self, address: str) -> bytes:
        """What lies behind an address."""
        if address in self.forged:
            return self.forged[address]
        match address:
            case _ if address == LISTS:
                return self._signed(self._list_of_lists(), self.commission)
            case _ if address == FRANCE:
                return self._signed(self._list(), self.state)
        raise Unavailable(f"{address} is not known.")

    def publish(self, folder: Path) -> None:
        """Lay both lists into a folder, each under the last part of its address, and who signed the first."""
        for address in (LISTS, FRANCE):
            (folder / address.rpartition("/")[2]).write_bytes(self.get(address))
        (folder / "lotl.der").write_bytes(self.signer.certificate.public_bytes(Encoding.DER))

    def teach(self, folder: Path) -> TrustedLists:
        """The lists as a platform keeps them in its folder, fetched and verified."""
        lists = TrustedLists(folder)
        lists.refresh(address=self.address, signers=[self.signer.certificate], get=self.get, at=self.at)
        return lists

    def _signed(self, content: str, by: FileSigner) -> bytes:
        """As annex B wants it: enveloped, by the transform that knows no other signature."""
        key = cast("ec.EllipticCurvePrivateKey", by._key)  # noqa: SLF001  it is ours
        signer = XAdESSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256)
        signed = signer.sign(etree.fromstring(content.encode()), key=key, cert=[by.certificate])
        return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")

    def _list_of_lists(self) -> str:
        pointer = f"""<PointersToOtherTSL><OtherTSLPointer><ServiceDigitalIdentities><ServiceDigitalIdentity>
            {_identity(self.state.certificate)}</ServiceDigitalIdentity></ServiceDigitalIdentities>
            <TSLLocation>{FRANCE}</TSLLocation><AdditionalInformation>
            <OtherInformation><TSLType>{GENERIC_TYPE}</TSLType></OtherInformation>
            <OtherInformation><SchemeTerritory>FR</SchemeTerritory></OtherInformation>
            <OtherInformation><ns3:MimeType>application/vnd.etsi.tsl+xml</ns3:MimeType></OtherInformation>
            </AdditionalInformation></OtherTSLPointer></PointersToOtherTSL>"""
        return self._document(LISTS_TYPE, "EU", pointer, "")

    def _list(self) -> str:
        stated = "".join(f'<q:Qualifier uri="{QUALIFIERS}/{each}"/>' for each in self.qualifiers)
        extension = f"""<Extension Critical="false">
            <q:Qualifications><q:QualificationElement><q:Qualifiers>{stated}</q:Qualifiers>
            <q:CriteriaList assert="atLeastOne"><q:KeyUsage>
            <q:KeyUsageBit name="nonRepudiation">true</q:KeyUsageBit></q:KeyUsage></q:CriteriaList>
            </q:QualificationElement></q:Qualifications></Extension>"""
        purposes = "".join(
            f"""<Extension Critical="true"><AdditionalServiceInformation>
            <URI xml:lang="en">{QUALIFIERS}/{each}</URI></AdditionalServiceInformation></Extension>"""
            for each in self.purposes
        )
        extensions = purposes + (extension if stated else "")
        began = _moment(self.pki.at - timedelta(days=10))
        services = f"""<TrustServiceProviderList><TrustServiceProvider><TSPInformation>
            <TSPName><Name xml:lang="en">Atelier Marchand</Name></TSPName>
            <TSPTradeName><Name xml:lang="en">VATFR-00000000000</Name></TSPTradeName><TSPAddress>{_ADDRESS}</TSPAddress>
            <TSPInformationURI><URI xml:lang="en">https://pki.example.org/about</URI></TSPInformationURI>
            </TSPInformation><TSPServices><TSPService>
            <ServiceInformation><ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
            <ServiceName><Name xml:lang="en">Test Issuing CA</Name></ServiceName>
            <ServiceDigitalIdentity>{_identity(self.pki.issuing.certificate)}</ServiceDigitalIdentity>
            <ServiceStatus>{STATUS}/{self.status}</ServiceStatus><StatusStartingTime>{began}</StatusStartingTime>
            <ServiceInformationExtensions>{extensions}</ServiceInformationExtensions></ServiceInformation>
            </TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>"""
        return self._document(GENERIC_TYPE, "FR", "", services)

    def _document(self, kind: str, territory: str, pointers: str, services: str) -> str:
        issued, until = _moment(self.at), _moment(self.at + timedelta(days=180))
        approach, rules = ("EUappropriate", "EUcommon") if services else ("EUlistofthelists", "EUlistofthelists")
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="{TSL}" xmlns:ns3="http://uri.etsi.org/02231/v2/additionaltypes#" xmlns:q="{SIE}"
    Id="list" TSLTag="http://uri.etsi.org/19612/TSLTag"><SchemeInformation><TSLVersionIdentifier>6</TSLVersionIdentifier>
    <TSLSequenceNumber>1</TSLSequenceNumber><TSLType>{kind}</TSLType>
    <SchemeOperatorName><Name xml:lang="en">Test</Name></SchemeOperatorName>
    <SchemeOperatorAddress>{_ADDRESS}</SchemeOperatorAddress>
    <SchemeName><Name xml:lang="en">{territory}:Trusted list for tests</Name></SchemeName>
    <SchemeInformationURI><URI xml:lang="en">https://lists.example.org/about</URI></SchemeInformationURI>
    <StatusDeterminationApproach>{_TRUSTED_LIST}/StatusDetn/{approach}</StatusDeterminationApproach>
    <SchemeTypeCommunityRules><URI xml:lang="en">{_TRUSTED_LIST}/schemerules/{rules}</URI></SchemeTypeCommunityRules>
    <SchemeTerritory>{territory}</SchemeTerritory>
    <PolicyOrLegalNotice><TSLLegalNotice xml:lang="en">For tests.</TSLLegalNotice></PolicyOrLegalNotice>
    <HistoricalInformationPeriod>65535</HistoricalInformationPeriod>{pointers}
    <ListIssueDateTime>{issued}</ListIssueDateTime><NextUpdate><dateTime>{until}</dateTime></NextUpdate>
    </SchemeInformation>{services}</TrustServiceStatusList>"""


def _identity(certificate: x509.Certificate) -> str:
    encoded = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return f"<DigitalId><X509Certificate>{encoded}</X509Certificate></DigitalId>"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
