"""Trusted lists as a Member State and the Commission publish them (TS 119 612), signed by keys of our own.

state = Publisher(pki)
lists.refresh(address=state.address, signers=[state.signer.certificate], get=state.get, at=noon)
"""

import base64
from datetime import datetime, timedelta
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from paraph.errors import Unavailable
from paraph.keys.file import FileSigner
from signxml.algorithms import SignatureMethod
from signxml.xades.xades import XAdESSigner

from paraph_testing.pki import Pki

TSL = "http://uri.etsi.org/02231/v2#"
SIE = "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#"
LISTS_TYPE = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists"
GENERIC_TYPE = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric"
STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus"
QUALIFIERS = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt"
LISTS, FRANCE = "https://lists.example.org/lotl.xml", "https://lists.example.org/fr.xml"


class Publisher:
    """Publishes a list of the lists that knows one territory, France, whose list holds the issuing authority of `pki`.

    Args:
        pki: whose issuing authority is listed, from ten days before its time on.
        status: of the service: `granted`, `withdrawn` …
        qualifiers: what the list says of its certificates, whatever they say themselves: `QCWithQSCD` …
        at: when the lists are issued; they are good for half a year.
    """

    address = LISTS

    def __init__(
        self, pki: Pki, *, status: str = "granted", qualifiers: tuple[str, ...] = (), at: datetime | None = None
    ) -> None:
        self.pki, self.status, self.qualifiers, self.at = pki, status, qualifiers, at or pki.at
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
        extension = f"""<ServiceInformationExtensions><Extension Critical="false">
            <q:Qualifications><q:QualificationElement><q:Qualifiers>{stated}</q:Qualifiers>
            <q:CriteriaList assert="atLeastOne"><q:KeyUsage>
            <q:KeyUsageBit name="nonRepudiation">true</q:KeyUsageBit></q:KeyUsage></q:CriteriaList>
            </q:QualificationElement></q:Qualifications></Extension></ServiceInformationExtensions>"""
        began = _moment(self.pki.at - timedelta(days=10))
        services = f"""<TrustServiceProviderList><TrustServiceProvider><TSPInformation>
            <TSPName><Name xml:lang="en">Atelier Marchand</Name></TSPName></TSPInformation><TSPServices><TSPService>
            <ServiceInformation><ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
            <ServiceName><Name xml:lang="en">Test Issuing CA</Name></ServiceName>
            <ServiceDigitalIdentity>{_identity(self.pki.issuing.certificate)}</ServiceDigitalIdentity>
            <ServiceStatus>{STATUS}/{self.status}</ServiceStatus><StatusStartingTime>{began}</StatusStartingTime>
            {extension if stated else ""}</ServiceInformation></TSPService></TSPServices>
            </TrustServiceProvider></TrustServiceProviderList>"""
        return self._document(GENERIC_TYPE, "FR", "", services)

    def _document(self, kind: str, territory: str, pointers: str, services: str) -> str:
        issued, until = _moment(self.at), _moment(self.at + timedelta(days=180))
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="{TSL}" xmlns:ns3="http://uri.etsi.org/02231/v2/additionaltypes#" xmlns:q="{SIE}"
    Id="list" TSLTag="http://uri.etsi.org/19612/TSLTag"><SchemeInformation><TSLVersionIdentifier>6</TSLVersionIdentifier>
    <TSLSequenceNumber>1</TSLSequenceNumber><TSLType>{kind}</TSLType>
    <SchemeOperatorName><Name xml:lang="en">Test</Name></SchemeOperatorName>
    <SchemeInformationURI><URI xml:lang="en">https://lists.example.org/about</URI></SchemeInformationURI>
    <SchemeTerritory>{territory}</SchemeTerritory>{pointers}
    <ListIssueDateTime>{issued}</ListIssueDateTime><NextUpdate><dateTime>{until}</dateTime></NextUpdate>
    </SchemeInformation>{services}</TrustServiceStatusList>"""


def _identity(certificate: x509.Certificate) -> str:
    encoded = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return f"<DigitalId><X509Certificate>{encoded}</X509Certificate></DigitalId>"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
