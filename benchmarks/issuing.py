"""How fast time-stamps and certificates are issued, against what the bare primitive of the same run allows.

uv run --no-sync python -m benchmarks.issuing
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from paraph import pki, timestamps
from paraph.algorithms import Digest
from paraph.keys.file import FileSigner
from paraph.pki import PersonSubject, profiles
from paraph_testing.pki import POLICY, Pki

from benchmarks.sealing import bare_primitive

ROUNDS, BATCH = 40, 100


def main() -> None:
    now = datetime.now(UTC)
    hierarchy = Pki(now)
    unit_key = ec.generate_private_key(ec.SECP256R1())
    sign, digest = bare_primitive(unit_key), Digest.of(b"what is stamped")
    request = timestamps.request(digest, nonce=1 << 60)
    authority = hierarchy.timestamp_authority
    issuer = FileSigner(unit_key, _authority(unit_key, now))
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    profile = profiles.person().under(POLICY)
    bob = PersonSubject("Bob", "Durand", "FR", "0123456789abcdef", "bob@example.org")

    issuance = pki.Issuance(profile, issuer, validity=timedelta(hours=2), ca_url="http://pki.example.org/ca.cer")

    def certificate(key: ec.EllipticCurvePublicKey = public) -> bytes:
        return issuance.issue(bob, key, serial=x509.random_serial_number(), at=now)

    contestants: dict[str, Callable[[], object]] = {
        "bare P-256 signature": lambda: sign(digest.value),
        "time-stamp token": lambda: authority.token(digest, at=now, serial=1),
        "time-stamp response, its request read": lambda: authority.respond(request, at=now, serial=1),
        "person's certificate, key given": certificate,
        "person's certificate and its key": lambda: certificate(ec.generate_private_key(ec.SECP256R1()).public_key()),
    }
    times = race(contestants)
    print("\nIssued with P-256, one process\n\n| | a second | µs each | % of the bare signature |\n|---|---|---|---|")
    for name, each in times.items():
        print(f"| {name} | {1 / each:.0f} | {each * 1e6:.1f} | {100 * times['bare P-256 signature'] / each:.0f} % |")


def race(contestants: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds for one, in batches that take turns."""
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, issue in contestants.items():
            start = time.perf_counter()
            for _ in range(BATCH):
                issue()
            measured[name].append((time.perf_counter() - start) / BATCH)
    return {name: statistics.median(each) for name, each in measured.items()}


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """An issuing authority with P-256, under itself."""
    subject = pki.LegalSubject("Benchmark CA", "FR", "NTRFR-123456789", "Atelier Marchand")
    return pki.self_issue(
        profiles.root(), subject, key, serial=x509.random_serial_number(), at=now, validity=timedelta(days=3650)
    )


if __name__ == "__main__":
    main()
