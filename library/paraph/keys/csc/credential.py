"""What a service says of one of its keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from paraph.algorithms import SignatureAlgorithm
from paraph.errors import WeakAlgorithm
from paraph.keys.csc import answers

RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
"""By which services name an RSA key that signs with PKCS#1 v1.5, whatever the digest."""


class Secret(StrEnum):
    """What a person must give for each authorisation."""

    PIN = "PIN"
    OTP = "OTP"


Secrets = Callable[[Secret], str]
"""Asks a person, or whoever knows."""


class Otp(StrEnum):
    """Where a one-time code comes from."""

    ONLINE = "online"
    """The service sends it when it is asked to."""
    OFFLINE = "offline"
    """A device of the person shows it."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A key at the service, known by its identifier and certificates."""

    id: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithms: tuple[str, ...] = ()
    """What its key can do, OIDs; nothing when the service did not say."""
    most: int = 1000
    """Signatures in one authorisation."""
    pin: bool = False
    otp: Otp | None = None
    mode: str = "implicit"
    """How the service authorises: `implicit`, `explicit` with the secrets above, or on a page of its own."""

    @classmethod
    def of(cls, identifier: str, answer: Mapping[str, Any]) -> Self:
        """What `credentials/info` answered (v1 §11.5, v2 §11.5).

        Raises:
            Unavailable: it holds no certificate.
        """
        certificate, *chain = answers.certificates(answer)
        most, auth = answer.get("multisign"), answers.part(answer, "auth")
        return cls(
            identifier,
            certificate,
            tuple(chain),
            tuple(answers.texts(answers.part(answer, "key").get("algo"))),
            most if isinstance(most, int) and most > 0 else 1,
            *(_secrets_v2(auth) if auth else _secrets_v1(answer)),
            mode=str(auth.get("mode") or answer.get("authMode") or "implicit"),
        )

    @property
    def expires(self) -> datetime:
        return self.certificate.not_valid_after_utc

    @property
    def algorithm(self) -> SignatureAlgorithm:
        """What it signs with: the usual algorithm of its key, or the first that both sides know.

        Raises:
            WeakAlgorithm: there is none.
        """
        key = self.certificate.public_key()
        usual = SignatureAlgorithm.for_key(key)
        if usual.is_pure:
            raise WeakAlgorithm("Signing services sign digests, and a key for Ed25519 signs none.")
        if not self.algorithms or usual.oid in self.algorithms or RSA_ENCRYPTION in self.algorithms:
            return usual
        for each in SignatureAlgorithm:
            if each.oid in self.algorithms and each.fits(key):
                return each
        raise WeakAlgorithm("The signing service offers no algorithm for this key that is accepted.")

    @property
    def sign_algorithm(self) -> str:
        """How the service calls it."""
        usual, key = self.algorithm.oid, self.certificate.public_key()
        generic = isinstance(key, rsa.RSAPublicKey) and usual not in self.algorithms
        return RSA_ENCRYPTION if generic and RSA_ENCRYPTION in self.algorithms else usual


def _secrets_v1(answer: Mapping[str, Any]) -> tuple[bool, Otp | None]:
    """`presence` is "true", "false" or "optional" (v1 §11.5)."""
    pin, otp = answers.part(answer, "PIN"), answers.part(answer, "OTP")
    wanted = str(otp.get("presence")).lower() == "true"
    return str(pin.get("presence")).lower() == "true", _otp(otp.get("type")) if wanted else None


def _secrets_v2(auth: Mapping[str, Any]) -> tuple[bool, Otp | None]:
    """Authentication objects, those named PIN and OTP being the ones that version 1 had (v2 §11.5)."""
    listed = auth.get("objects")
    objects = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    by_name = {str(each.get("id")).upper(): each for each in objects}
    otp = by_name.get(Secret.OTP)
    generated = "online" if otp and str(otp.get("generator", "")) else (otp or {}).get("type")
    return Secret.PIN in by_name, _otp(generated) if otp else None


def _otp(kind: Any) -> Otp:
    return Otp.ONLINE if str(kind).lower() == Otp.ONLINE else Otp.OFFLINE
