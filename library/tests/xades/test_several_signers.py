"""Several sign one document, and sign signatures; whoever came first stays valid."""

from collections.abc import Callable
from datetime import datetime

import pytest
from paraph import xades
from paraph.certs import Revocations
from paraph.errors import DigestMismatch, InputError, ModificationForbidden
from paraph.formats import xml
from paraph.signatures import Level
from paraph.xades import counter, draft
from paraph.xades.signed import ARCHIVE_TIMESTAMP, signatures
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"


def alone(signed: bytes, place: int) -> bytes:
    """The document with one of its signatures: xmlsec1 looks at the first alone."""
    root = xml.parse(signed)
    for number, each in enumerate(root.findall("{*}Signature")):
        if number != place:
            root.remove(each)
    return xml.to_bytes(root)


def test_the_second_signature_leaves_the_first_valid(
    pki: Pki, noon: datetime, judge: Callable[..., str], order: bytes
) -> None:
    signed = xades.sign(xades.sign(order, pki.bob, at=noon), pki.rsa_seal, at=noon)
    assert [each.field for each in xades.read(signed)] == ["1", "2"]
    assert judge(signed, pki) == judge(alone(signed, 1), pki) == "good"


def test_the_same_signer_may_sign_twice_in_one_second(pki: Pki, noon: datetime, order: bytes) -> None:
    assert len(xades.read(xades.sign(xades.sign(order, pki.bob, at=noon), pki.bob, at=noon))) == 2


def test_a_signature_over_everything_allows_no_other_beside_it(pki: Pki, noon: datetime, order: bytes) -> None:
    """As most others make it: `enveloped-signature` leaves out that one signature and no further one."""
    root = xml.parse(xades.sign(order, pki.bob, at=noon))
    transform = root.find(".//{*}Transform")
    assert transform is not None
    transform.set("Algorithm", ENVELOPED)
    transform.remove(transform[0])
    with pytest.raises(ModificationForbidden, match="countersign"):
        xades.prepare(xml.to_bytes(root), pki.carol.certificate, at=noon)


def test_a_signature_gets_no_signature_inside(pki: Pki, noon: datetime) -> None:
    signed = xades.sign(b"lease", pki.bob, at=noon, enveloping=True)
    with pytest.raises(ModificationForbidden, match="countersign"):
        xades.prepare(signed, pki.carol.certificate, at=noon)


@pytest.mark.parametrize("level", list(Level))
def test_a_signature_is_countersigned(
    service: StatusService,
    revocations: Revocations,
    noon: datetime,
    judge: Callable[..., str],
    order: bytes,
    level: Level,
) -> None:
    pki = service.pki
    two = xades.sign(xades.sign(order, pki.bob, at=noon), pki.rsa_seal, at=noon)
    pending = counter.prepare(two, pki.agent.certificate, of=1, chain=pki.agent.chain, at=noon)
    signed = counter.complete(pending, pki.agent.sign(pending.digest), two)
    if level is not Level.B:
        signed = xades.extend(signed, level, timestamper=pki.timestamper(), revocations=revocations, at=noon)
    assert {each.field: each.level for each in xades.read(signed)} == {"1": level, "1.1": level, "2": level}
    assert judge(signed, pki) == "good"
    inner = xml.parse(signed).find(".//{*}CounterSignature/{*}Signature")
    assert inner is not None
    assert draft.signed_info(inner)


def test_a_counter_signature_is_time_stamped_at_once(pki: Pki, noon: datetime, order: bytes) -> None:
    signed = xades.sign(order, pki.bob, at=noon)
    countersigned = counter.sign(signed, pki.agent, at=noon, level=Level.T, timestamper=pki.timestamper())
    assert [each.level for each in xades.read(countersigned)] == [Level.B, Level.T]


def test_a_counter_signature_of_another_document_is_refused(pki: Pki, noon: datetime, order: bytes) -> None:
    one, other = (xades.sign(order, signer, at=noon) for signer in (pki.bob, pki.carol))
    pending = counter.prepare(one, pki.agent.certificate, at=noon)
    with pytest.raises(DigestMismatch):
        counter.complete(pending, pki.agent.sign(pending.digest), other)


def test_a_signature_that_is_not_there_cannot_be_countersigned(pki: Pki, noon: datetime, order: bytes) -> None:
    with pytest.raises(InputError, match="no signature 2"):
        counter.prepare(xades.sign(order, pki.bob, at=noon), pki.agent.certificate, of=2, at=noon)
    with pytest.raises(InputError, match="extended later"):
        counter.prepare(xades.sign(order, pki.bob, at=noon), pki.agent.certificate, at=noon, level=Level.LT)


def test_whoever_countersigns_after_the_archive_time_stamp_is_kept_apart(
    service: StatusService, revocations: Revocations, noon: datetime, order: bytes
) -> None:
    """What an archive time-stamp covers is not touched; what comes behind it is."""
    pki = service.pki
    asked = {"at": noon, "timestamper": pki.timestamper(), "revocations": revocations}
    kept = counter.sign(xades.sign(order, pki.bob, level=Level.LTA, **asked), pki.agent, at=noon)
    again = xades.extend(kept, Level.LTA, **asked)
    before, after = (
        [xml.canonical(each) for each in signatures(xml.parse(signed))[0].stamps(ARCHIVE_TIMESTAMP)]
        for signed in (kept, again)
    )
    assert after[:-1] == before
