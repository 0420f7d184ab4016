"""Any byte may be wrong: facts as they stand, or a clear refusal."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paraph import cades
from paraph.cades import counter
from paraph.certs import Revocations
from paraph.cms import SignedData
from paraph.cms.attributes import ARCHIVE_TIMESTAMP, COUNTER_SIGNATURE, SIGNATURE_TIMESTAMP
from paraph.errors import ParaphError
from paraph.formats import asn1
from paraph.signatures import Level
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CONTENT = b"The lease, word for word."


@pytest.fixture(scope="module")
def archived() -> tuple[Pki, bytes]:
    """Everything that a message can hold."""
    with StatusService(NOON) as service:
        pki = service.pki
        signed = cades.join(cades.sign(CONTENT, pki.rsa_seal, at=NOON), cades.sign(CONTENT, pki.bob, at=NOON))
        signed = counter.sign(signed, pki.agent, of=2, at=NOON)
        arguments = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted), "at": NOON}
        return pki, cades.extend(signed, Level.LTA, **arguments)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_message_is_read_or_refused(data: st.DataObject, archived: tuple[Pki, bytes]) -> None:
    pki, signed = archived
    damaged = bytearray(signed)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    offline = Revocations(pki.trusted, online=False)
    verbs = [
        lambda: cades.read(bytes(damaged)),
        lambda: cades.join(bytes(damaged), signed),
        lambda: cades.extend(
            bytes(damaged), Level.LTA, content=CONTENT, timestamper=pki.timestamper(), revocations=offline, at=NOON
        ),
    ]
    for verb in verbs:
        try:
            verb()
        except ParaphError:
            continue


def nested(depth: int) -> bytes:
    value = b""
    for _ in range(depth):
        value = asn1.sequence(value)
    return value


@pytest.mark.parametrize("kind", [ARCHIVE_TIMESTAMP, COUNTER_SIGNATURE, SIGNATURE_TIMESTAMP])
@pytest.mark.parametrize("value", [nested(5_000), b"\x05\x00", b"\x30\x00"], ids=["deep", "null", "empty"])
def test_what_stands_for_a_time_stamp_or_signature_and_is_none_is_refused(
    archived: tuple[Pki, bytes], kind: bytes, value: bytes
) -> None:
    message = SignedData.parse(archived[1])
    hostile = message.with_signer(0, message.signer_infos[0].adding(kind, value)).to_der()
    with pytest.raises(ParaphError):
        cades.read(hostile)


def test_a_message_without_signatures_has_none_to_extend(pki: Pki, noon: datetime) -> None:
    empty = SignedData(asn1.integer(1), (), asn1.oid("1.2.840.113549.1.7.1"), None, (), (), ()).to_der()
    assert cades.read(empty) == []
    with pytest.raises(ParaphError, match="no signature"):
        cades.extend(empty, Level.T, timestamper=pki.timestamper(), at=noon)
