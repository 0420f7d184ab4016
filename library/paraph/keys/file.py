"""Keys in files: PKCS#12, or PKCS#8 with its certificates beside it."""

from collections.abc import Callable, Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, utils
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import Refused, UnusableKey
from paraph.keys.chain import chain_of, pem_certificates
from paraph.keys.verify import rsa_padding

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
"""The kinds that sign digests, which authorities and their services have."""


class FileSigner:
    """A key that was read once and stays in memory: loading an RSA key costs more than a hundred signatures.

    Args:
        key: whose signatures are made.
        certificate: the key's.
        chain: issuers, nearest first.
        algorithm: another than the usual one: for RSA, PSS or a longer digest.

    Raises:
        UnusableKey: the certificate is another key's, or the algorithm is not for such a key.
        WeakAlgorithm: the key is not acceptable.
    """

    def __init__(
        self,
        key: PrivateKey | ed25519.Ed25519PrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
        *,
        algorithm: SignatureAlgorithm | None = None,
    ) -> None:
        self._certificate, self._chain = certificate, tuple(chain)
        public = key.public_key()
        self._algorithm = algorithm or SignatureAlgorithm.for_key(public)
        if not self._algorithm.fits(public):
            raise UnusableKey(f"This kind of key cannot sign with {self._algorithm.name}.")
        if certificate.public_key() != public:
            raise UnusableKey("The certificate belongs to another key.")
        self._key, self._value = key, _signing(key, self._algorithm)

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return self._chain

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._algorithm

    def sign(self, digest: Digest) -> bytes:
        if digest.algorithm is not self._algorithm.hash:
            raise Refused(f"This key signs {self._algorithm.hash.name} digests, not {digest.algorithm.name}.")
        return self._value(digest)


def _signing(key: PrivateKey | ed25519.Ed25519PrivateKey, algorithm: SignatureAlgorithm) -> Callable[[Digest], bytes]:
    """How a key signs a digest, found out once."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return lambda digest: key.sign(digest.signed)
    prehashed = utils.Prehashed(algorithm.hash.primitive)
    if isinstance(key, rsa.RSAPrivateKey):
        padding = rsa_padding(algorithm)
        return lambda digest: key.sign(digest.value, padding, prehashed)
    ecdsa = ec.ECDSA(prehashed)
    return lambda digest: key.sign(digest.value, ecdsa)


def load(
    data: bytes,
    passphrase: bytes | None = None,
    certificates: bytes | None = None,
    *,
    algorithm: SignatureAlgorithm | None = None,
) -> FileSigner:
    """Read a key and find its certificate.

    Args:
        data: PKCS#12, or a private key in PEM or DER (PKCS#8, encrypted or not), with or without certificates in PEM.
        passphrase: what it is encrypted with, if it is.
        certificates: PEM; the key's own certificate and those of its issuers, in any order.
        algorithm: another than the usual one: for RSA, PSS or a longer digest.

    Raises:
        UnusableKey: not a key, a wrong passphrase, a kind of key that does not sign, or no certificate that fits.
    """
    key, own = _read(data, passphrase)
    if not isinstance(key, PrivateKey | ed25519.Ed25519PrivateKey):
        raise UnusableKey("This kind of key cannot sign here; use ECDSA (P-256, P-384, P-521), RSA or Ed25519.")
    found = [*own, *pem_certificates(certificates or b""), *pem_certificates(data)]
    public = key.public_key()
    for certificate in found:
        if certificate.public_key() == public:
            return FileSigner(key, certificate, chain_of(certificate, found), algorithm=algorithm)
    raise UnusableKey("None of the certificates belongs to this key.")


def _read(data: bytes, passphrase: bytes | None) -> tuple[object, list[x509.Certificate]]:
    try:
        if b"-----BEGIN" in data:
            return load_pem_private_key(data, passphrase), []
        try:
            return load_der_private_key(data, passphrase), []
        except ValueError:
            bundle = load_pkcs12(data, passphrase)
    except TypeError:
        sentence = "The key needs a passphrase." if passphrase is None else "The key takes no passphrase."
        raise UnusableKey(sentence) from None
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey("This is not a private key, or the passphrase is wrong.") from None
    if bundle.key is None or bundle.cert is None:
        raise UnusableKey("The PKCS#12 file holds no key with its certificate.")
    return bundle.key, [bundle.cert.certificate, *[extra.certificate for extra in bundle.additional_certs]]
