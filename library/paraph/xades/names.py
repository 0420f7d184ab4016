"""The names of XMLDSig, XAdES and their algorithms (RFC 6931, EN 319 132-1)."""

from base64 import b64encode

from lxml.builder import ElementMaker

from paraph.algorithms import SignatureAlgorithm

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
XADES_141 = "http://uri.etsi.org/01903/v1.4.1#"
PATHS = {"ds": DS, "xades": XADES, "xades141": XADES_141}
"""The prefixes that paths into a signature use here."""

ds = ElementMaker(namespace=DS, nsmap={"ds": DS})
xades = ElementMaker(namespace=XADES, nsmap={"xades": XADES, "ds": DS})
xades141 = ElementMaker(namespace=XADES_141, nsmap={"xades141": XADES_141, "xades": XADES, "ds": DS})

SIGNATURE = f"{{{DS}}}Signature"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"

ENVELOPED = f"{DS}enveloped-signature"
BASE64 = f"{DS}base64"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_PSS = "http://www.w3.org/2007/05/xmldsig-more#"
SIGNATURE_ALGORITHMS = {
    SignatureAlgorithm.ECDSA_SHA256: f"{_MORE}ecdsa-sha256",
    SignatureAlgorithm.ECDSA_SHA384: f"{_MORE}ecdsa-sha384",
    SignatureAlgorithm.ECDSA_SHA512: f"{_MORE}ecdsa-sha512",
    SignatureAlgorithm.RSA_SHA256: f"{_MORE}rsa-sha256",
    SignatureAlgorithm.RSA_SHA384: f"{_MORE}rsa-sha384",
    SignatureAlgorithm.RSA_SHA512: f"{_MORE}rsa-sha512",
    SignatureAlgorithm.PSS_SHA256: f"{_PSS}sha256-rsa-MGF1",
    SignatureAlgorithm.PSS_SHA384: f"{_PSS}sha384-rsa-MGF1",
    SignatureAlgorithm.PSS_SHA512: f"{_PSS}sha512-rsa-MGF1",
    SignatureAlgorithm.ED25519_SHA512: "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",  # RFC 9231 §2.3.12
}


def base64(value: bytes) -> str:
    return b64encode(value).decode("ascii")
