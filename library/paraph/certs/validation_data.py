"""What proves, also later and offline, that certificates were good (EN 319 102-1 §3.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


@dataclass(frozen=True, slots=True)
class ValidationData:
    """Certificates, revocation lists and OCSP responses, DER, each once, in the order in which they were found."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    """Whole `OCSPResponse`s (RFC 6960 §4.2.1)."""

    @classmethod
    def of(cls, certificates: Iterable[x509.Certificate]) -> Self:
        """Certificates alone."""
        return cls(tuple(dict.fromkeys(each.public_bytes(Encoding.DER) for each in certificates)))

    def __or__(self, other: Self) -> Self:
        """Both together."""
        return type(self)(
            *(tuple(dict.fromkeys((*mine, *theirs))) for mine, theirs in zip(self._kinds, other._kinds, strict=True))
        )

    def __sub__(self, other: Self) -> Self:
        """What `other` lacks."""
        return type(self)(
            *(
                tuple(each for each in mine if each not in theirs)
                for mine, theirs in zip(self._kinds, other._kinds, strict=True)
            )
        )

    def __bool__(self) -> bool:
        return any(self._kinds)

    @property
    def _kinds(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]:
        return self.certificates, self.crls, self.ocsps
