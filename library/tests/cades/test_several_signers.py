"""Signatures side by side, and signatures of signatures."""

from collections.abc import Callable
from datetime import datetime

import pytest
from paraph import cades
from paraph.cades import counter
from paraph.certs import Revocations
from paraph.cms import SignedData
from paraph.errors import DigestMismatch, InputError, SignatureMismatch
from paraph.signatures import Level
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

CONTENT = b"The lease, word for word."


def facts(signed: bytes) -> list[tuple[str, str, Level]]:
    return [(each.field, each.signer.partition("CN=")[2].partition(",")[0], each.level) for each in cades.read(signed)]


@pytest.mark.parametrize("attached", [False, True], ids=["detached", "attached"])
def test_signatures_made_apart_are_joined(
    pki: Pki, noon: datetime, judge: Callable[..., str], *, attached: bool
) -> None:
    signers = (pki.rsa_seal, pki.bob, pki.issuing)  # the last with SHA-384
    first, second, third = (cades.sign(CONTENT, each, at=noon, attached=attached) for each in signers)
    joined = cades.join(cades.join(first, second), third)
    assert judge(joined, pki, None if attached else CONTENT) == "good"
    assert [each.certificate for each in cades.read(joined)] == [
        cades.read(each)[0].certificate for each in (first, second, third)
    ]
    assert cades.join(joined, second) == joined


def test_signatures_over_different_contents_are_not_joined(pki: Pki, noon: datetime) -> None:
    for attached in (False, True):
        one = cades.sign(CONTENT, pki.bob, at=noon, attached=attached)
        other = cades.sign(b"Another lease.", pki.carol, at=noon, attached=attached)
        with pytest.raises(DigestMismatch):
            cades.join(one, other)
    with pytest.raises(DigestMismatch):
        cades.join(one, cades.sign(CONTENT, pki.carol, at=noon))


def test_who_joins_an_archived_signature_leaves_its_proof_intact(
    service: StatusService, revocations: Revocations, noon: datetime, judge: Callable[..., str]
) -> None:
    pki, clock = service.pki, service.pki.timestamper()
    archived = cades.sign(CONTENT, pki.bob, at=noon, level=Level.LTA, timestamper=clock, revocations=revocations)
    joined = cades.join(archived, cades.sign(CONTENT, pki.rsa_seal, at=noon))
    assert judge(joined, pki, CONTENT) == "good"
    assert [each.level for each in cades.read(joined)] == [Level.LTA, Level.B]
    assert SignedData.parse(joined).signer_infos[0] == SignedData.parse(archived).signer_infos[0]


def test_a_signature_is_countersigned(pki: Pki, noon: datetime, judge: Callable[..., str]) -> None:
    """OpenSSL does not look at counter-signatures; EU DSS does, see `conformance`."""
    signed = cades.join(cades.sign(CONTENT, pki.rsa_seal, at=noon), cades.sign(CONTENT, pki.bob, at=noon))
    signed = counter.sign(signed, pki.carol, of=2, at=noon, level=Level.T, timestamper=pki.timestamper())
    assert judge(signed, pki, CONTENT) == "good"
    assert [(name, level) for name, _, level in facts(signed)] == [("1", Level.B), ("2", Level.B), ("2.1", Level.T)]


def test_a_counter_signature_waits_while_the_message_grows(pki: Pki, noon: datetime) -> None:
    bob = cades.sign(CONTENT, pki.bob, at=noon)
    pending = counter.prepare(bob, pki.carol.certificate, chain=pki.carol.chain, at=noon)
    grown = cades.join(cades.sign(CONTENT, pki.rsa_seal, at=noon), bob)
    grown = cades.extend(grown, Level.T, timestamper=pki.timestamper(), at=noon)
    signed = counter.complete(pending, pki.carol.sign(pending.digest), grown)
    assert [name for name, *_ in facts(signed)] == ["1", "2", "2.1"]


def test_a_counter_signature_is_for_one_signature(pki: Pki, noon: datetime) -> None:
    bob, again = (cades.sign(CONTENT, pki.bob, at=noon) for _ in range(2))  # ECDSA: another value each time
    pending = counter.prepare(bob, pki.carol.certificate, at=noon)
    with pytest.raises(DigestMismatch):
        counter.complete(pending, pki.carol.sign(pending.digest), again)
    with pytest.raises(SignatureMismatch):
        counter.complete(pending, pki.bob.sign(pending.digest), bob)
    with pytest.raises(InputError, match="no signature 2"):
        counter.prepare(bob, pki.carol.certificate, of=2, at=noon)
    with pytest.raises(InputError, match="extended later"):
        counter.prepare(bob, pki.carol.certificate, level=Level.LT, at=noon)


def test_everybody_is_extended(
    service: StatusService, revocations: Revocations, noon: datetime, judge: Callable[..., str]
) -> None:
    pki = service.pki
    signed = cades.join(cades.sign(CONTENT, pki.issuing, at=noon), cades.sign(CONTENT, pki.bob, at=noon))
    signed = counter.sign(signed, pki.agent, of=2, at=noon)
    arguments = {"content": CONTENT, "timestamper": pki.timestamper(), "revocations": revocations, "at": noon}
    for level, counted in ((Level.T, Level.T), (Level.LT, Level.LT), (Level.LTA, Level.LT)):
        signed = cades.extend(signed, level, **arguments)
        assert judge(signed, pki, CONTENT) == "good"
        assert [each.level for each in cades.read(signed)] == [level, level, counted]


def test_what_an_archive_time_stamp_covers_is_not_stamped_again(
    service: StatusService, revocations: Revocations, noon: datetime
) -> None:
    """A counter-signature that comes after the archive time-stamp is; the one under it is left as it is."""
    pki = service.pki
    arguments = {"timestamper": pki.timestamper(), "revocations": revocations, "at": noon}
    signed = counter.sign(cades.sign(CONTENT, pki.bob, at=noon), pki.agent, at=noon)
    archived = cades.extend(signed, Level.LTA, **arguments)
    later = cades.extend(counter.sign(archived, pki.seal, at=noon), Level.LTA, **arguments)
    before, after = (
        {value for each in SignedData.parse(one).signer_infos[0].unsigned for value in each.values}
        for one in (archived, later)
    )
    assert before < after
    assert [each.level for each in cades.read(later)] == [Level.LTA, Level.LT, Level.LT]
