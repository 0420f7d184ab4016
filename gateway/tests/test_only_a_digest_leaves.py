import json

from paraph.algorithms import Digest
from paraph.signatures import Level, Pending
from paraph_gateway.departures import departure


def test_the_platform_sees_the_digest_and_nothing_of_the_document() -> None:
    secret = b"Alice pays Bob 1 000 000 EUR"
    pending = Pending(digest=Digest.of(b"signed attributes"), level=Level.T, document=Digest.of(secret), state=secret)
    leaving = json.dumps(departure(pending))
    assert json.loads(leaving) == {
        "hashes": ["yIMnrdrm3eF7rnM73DpS1Q5Ch49Rz0sjOIeUNpBv8Cg="],
        "hashAlgorithmOID": "2.16.840.1.101.3.4.2.1",
    }
    assert Digest.of(secret).hex not in leaving
