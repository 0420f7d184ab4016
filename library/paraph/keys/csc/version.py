"""What the two versions of the API say differently."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from enum import StrEnum

from paraph.algorithms import Digest


class Version(StrEnum):
    """1.0.4, which most providers speak, and 2, which renamed half of it."""

    V1 = "v1"
    V2 = "v2"

    def digests(self, digests: Sequence[Digest]) -> dict[str, object]:
        """How digests, all by one algorithm, are named (v1 §11.9, v2 §11.10)."""
        values, algorithm = [b64encode(digest.value).decode() for digest in digests], digests[0].algorithm.oid
        if self is Version.V1:
            return {"hash": values, "hashAlgo": algorithm}
        return {"hashes": values, "hashAlgorithmOID": algorithm}

    def leave(self, digests: Sequence[Digest]) -> dict[str, str]:
        """How a page of the service's own is told what leave is asked for (v1 §8.3.2, v2 §8.4.2)."""
        values = ",".join(urlsafe_b64encode(digest.value).rstrip(b"=").decode() for digest in digests)
        if self is Version.V1:
            return {"numSignatures": str(len(digests)), "hash": values}
        algorithm = digests[0].algorithm.oid
        return {"numSignatures": str(len(digests)), "hashes": values, "hashAlgorithmOID": algorithm}

    def secrets(self, given: Mapping[str, str]) -> dict[str, object]:
        """How a PIN and a one-time code are handed over (v1 §11.6, v2 §11.6)."""
        if self is Version.V1 or not given:
            return dict(given)
        return {"authData": [{"id": name, "value": value} for name, value in given.items()]}

    @property
    def challenge(self) -> str:
        """The call that has a one-time code sent (v1 §11.8, v2 §11.8)."""
        return "credentials/sendOTP" if self is Version.V1 else "credentials/getChallenge"
