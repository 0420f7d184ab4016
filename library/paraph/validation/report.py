"""The result of a validation: for people, and for machines."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import NoReturn

from paraph.formats.text import legible


class Indication(StrEnum):
    """The three main indications (EN 319 102-1 §5.1.3)."""

    TOTAL_PASSED = "TOTAL_PASSED"
    INDETERMINATE = "INDETERMINATE"
    TOTAL_FAILED = "TOTAL_FAILED"


class Subindication(StrEnum):
    """Why it is not passed (EN 319 102-1 §5.1.3, table 6), as far as we tell reasons apart."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"


_ORDER = [Indication.TOTAL_PASSED, Indication.INDETERMINATE, Indication.TOTAL_FAILED]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one signature."""

    field: str
    indication: Indication
    subindication: Subindication | None = None
    reason: str = ""
    """The same in words."""
    signer: str = ""
    """The subject of the certificate, RFC 4514."""
    serial: str = ""
    """Of the certificate, hexadecimal."""
    certificate: str = ""
    """SHA-256 of the certificate, hexadecimal."""
    claimed_at: datetime | None = None
    timestamped_at: datetime | None = None
    covers_whole_document: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a document: that of its worst signature. It is no truth value: ask for the `indication`."""

    indication: Indication
    validated_at: datetime
    findings: tuple[Finding, ...] = ()
    subindication: Subindication | None = None
    reason: str = ""

    @classmethod
    def of(cls, findings: Sequence[Finding], at: datetime) -> "Report":
        worst = max(findings, key=lambda finding: _ORDER.index(finding.indication))
        return cls(worst.indication, at, tuple(findings), worst.subindication, worst.reason)

    def __bool__(self) -> NoReturn:
        raise TypeError("A validation report is neither true nor false: look at its indication.")

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=lambda value: value.isoformat(), indent=2, ensure_ascii=False)

    def __str__(self) -> str:
        lines = [legible(" — ".join(filter(None, [self.indication, self.subindication, self.reason])))]
        for finding in self.findings:
            lines.append(legible(f"  {finding.field}: {finding.indication} {finding.subindication or ''}").rstrip())
            details = {
                "signer": finding.signer,
                "serial": finding.serial,
                "claimed": finding.claimed_at,
                "time-stamp": finding.timestamped_at,
                "covers the whole document": "yes" if finding.covers_whole_document else "no, changes followed",
                "reason": finding.reason,
            }
            lines += [f"    {name}: {legible(value)}" for name, value in details.items() if value]
        return "\n".join(lines)
