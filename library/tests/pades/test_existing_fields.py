"""A form says where to sign, who may, and what stays open afterwards; it is obeyed."""

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import pades
from paraph.errors import InputError, ModificationForbidden, Refused
from paraph.keys.file import FileSigner
from paraph.pades import Block, Changes
from paraph.signatures import Level
from paraph.timestamps import Timestamper
from paraph_testing import pdfs
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.reader import PdfFileReader

CITY = Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([String("city")]))
EVERYTHING = Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1)


def field(document: bytes, name: str) -> dict[str, object]:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        found = next(each for each in pdf.Root.AcroForm.Fields if str(each.T) == name)
        return {key: str(value) for key, value in found.items()}


def harmed(document: bytes) -> bool:
    """Whether what happened after the first signature is more than it allows, by pyHanko."""
    signature = PdfFileReader(io.BytesIO(document)).embedded_signatures[0]
    signature.compute_integrity_info()
    return not signature.summarise_integrity_info()["docmdp_ok"]


def test_bob_signs_in_the_field_that_is_his(bob: FileSigner, noon: datetime, judge: Callable[..., None]) -> None:
    signed = pades.sign(pdfs.form(), bob, at=noon, field="client")
    judge(signed)
    assert [one.field for one in pades.read(signed)] == ["client"]


def test_both_parties_sign_in_their_fields(
    bob: FileSigner, carol: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    signed = pades.sign(pades.sign(pdfs.form(), bob, at=noon, field="client"), carol, at=noon, field="provider")
    judge(signed, signatures=2)
    assert not harmed(signed)


def test_the_two_machine_flow_signs_in_a_field(bob: FileSigner, noon: datetime, judge: Callable[..., None]) -> None:
    document = pdfs.form()
    pending = pades.prepare(document, bob.certificate, at=noon, field="client")
    judge(pades.complete(pending, bob.sign(pending.digest), document))


def test_the_block_fills_the_place_of_the_field(bob: FileSigner, noon: datetime) -> None:
    signed = pades.sign(pdfs.form(), bob, at=noon, field="client", block=Block(1, 0, 0, 1, 1, ("Bob",)))
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        client = next(each for each in pdf.Root.AcroForm.Fields if each.T == "client")
        assert [float(edge) for edge in client.Rect] == [56, 110, 250, 190]
        assert [float(edge) for edge in client.AP.N.BBox] == [0, 0, 194, 80]


def test_a_field_without_area_shows_nothing(bob: FileSigner, noon: datetime, judge: Callable[..., None]) -> None:
    signed = pades.sign(pdfs.form(), bob, at=noon, field="provider", block=Block(1, 0, 0, 1, 1, ("Bob",)))
    judge(signed)
    assert "/AP" not in field(signed, "provider")


def test_a_field_that_is_not_there_is_named_with_those_that_are(bob: FileSigner, noon: datetime) -> None:
    with pytest.raises(InputError, match=r"no signature field buyer; it has client, provider"):
        pades.sign(pdfs.form(), bob, at=noon, field="buyer")


def test_a_signed_field_is_not_signed_again(bob: FileSigner, carol: FileSigner, noon: datetime) -> None:
    signed = pades.sign(pdfs.form(), bob, at=noon, field="client")
    with pytest.raises(ModificationForbidden, match="client is signed already"):
        pades.sign(signed, carol, at=noon, field="client")


# ---------------------------------------------------------------- locks


def test_a_lock_closes_the_fields_that_it_names(bob: FileSigner, noon: datetime, judge: Callable[..., None]) -> None:
    signed = pades.sign(pdfs.form(lock=CITY), bob, at=noon, field="client")
    judge(signed)
    assert harmed(pdfs.filled(signed, "Lyon"))


def test_without_a_lock_the_form_stays_open(bob: FileSigner, noon: datetime) -> None:
    signed = pades.sign(pdfs.form(), bob, at=noon, field="client")
    assert not harmed(pdfs.filled(signed, "Lyon"))


def test_a_field_that_a_signature_locked_is_not_signed(bob: FileSigner, carol: FileSigner, noon: datetime) -> None:
    lock = Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([String("provider")]))
    signed = pades.sign(pdfs.form(lock=lock), bob, at=noon, field="client")
    with pytest.raises(ModificationForbidden, match="locks the field provider"):
        pades.sign(signed, carol, at=noon, field="provider")
    pades.sign(signed, carol, at=noon)


def test_a_lock_of_everything_ends_the_signing(bob: FileSigner, carol: FileSigner, noon: datetime) -> None:
    signed = pades.sign(pdfs.form(lock=EVERYTHING), bob, at=noon, field="client")
    assert pades.inspect(signed).locked
    for name in ("", "provider"):
        with pytest.raises(ModificationForbidden):
            pades.sign(signed, carol, at=noon, field=name)


def test_a_lock_nobody_understands_stops_the_signing(bob: FileSigner, noon: datetime) -> None:
    with pytest.raises(Refused, match="lock"):
        pades.sign(pdfs.form(lock=Dictionary(Action=Name.Some)), bob, at=noon, field="client")


# ---------------------------------------------------------------- seed values


def seeded(**entries: object) -> bytes:
    return pdfs.form(seed=Dictionary(Type=Name.SV, **entries))


def certificate(flags: int, **entries: object) -> bytes:
    return seeded(Cert=Dictionary(Type=Name.SVCert, Ff=flags, **entries))


def der(signer: FileSigner) -> bytes:
    return signer.certificate.public_bytes(Encoding.DER)


REFUSED: dict[str, Callable[[FileSigner], bytes]] = {
    "signature handler": lambda _: seeded(Ff=1, Filter=Name("/Other.Handler")),
    "another kind of signature": lambda _: seeded(Ff=2, SubFilter=Array([Name("/adbe.pkcs7.detached")])),
    "later version": lambda _: seeded(Ff=4, V=4),
    "one of the reasons: Read; Approved": lambda _: seeded(Ff=8, Reasons=Array([String("Read"), String("Approved")])),
    "legal attestation": lambda _: seeded(Ff=16, LegalAttestation=Array([String("no scripts")])),
    "revocation information": lambda _: seeded(Ff=32, AddRevInfo=True),
    "digests SHA512": lambda _: seeded(Ff=64, DigestMethod=Array([String("SHA512")])),
    "nothing may change": lambda _: seeded(Ff=128, LockDocument=Name("/true")),
    "an appearance": lambda _: seeded(Ff=256, AppearanceFilter=String("corporate")),
    "certification that allows forms": lambda _: seeded(MDP=Dictionary(P=2)),
    "a time-stamp": lambda _: seeded(TimeStamp=Dictionary(URL=String("https://tsa.example"), Ff=1)),
    "another certificate": lambda carol: certificate(1, Subject=Array([String(der(carol))])),
    "another issuer": lambda carol: certificate(2, Issuer=Array([String(der(carol))])),
    "another policy": lambda _: certificate(4, OID=Array([String("1.2.3.4")])),
    "somebody else": lambda _: certificate(8, SubjectDN=Array([Dictionary(CN=String("Carol"))])),
    "another use": lambda _: certificate(32, KeyUsage=Array([String("XXXXX1XXX")])),
}


@pytest.mark.parametrize("demand", REFUSED)
def test_what_a_field_demands_is_said_when_it_is_not_met(
    demand: str, bob: FileSigner, carol: FileSigner, noon: datetime
) -> None:
    with pytest.raises(Refused, match=f"The field client .*{demand}"):
        pades.sign(REFUSED[demand](carol), bob, at=noon, field="client")


def test_a_demand_for_no_reason_refuses_one(bob: FileSigner, noon: datetime) -> None:
    document = seeded(Ff=8, Reasons=Array([String(".")]))
    pades.sign(document, bob, at=noon, field="client")
    with pytest.raises(Refused, match="no reason"):
        pades.sign(document, bob, at=noon, field="client", reason="Approved")


def test_demands_that_are_met_let_the_signature_in(
    bob: FileSigner, noon: datetime, clock: Timestamper, judge: Callable[..., None]
) -> None:
    document = seeded(
        Ff=0b1001011,
        Filter=Name("/Adobe.PPKLite"),
        SubFilter=Array([Name("/ETSI.CAdES.detached")]),
        Reasons=Array([String("Approved")]),
        DigestMethod=Array([String("SHA256")]),
        TimeStamp=Dictionary(Ff=1),
        MDP=Dictionary(P=0),
        Cert=Dictionary(
            Ff=0b101011,
            Subject=Array([String(der(bob))]),
            Issuer=Array([String(bob.chain[0].public_bytes(Encoding.DER))]),
            SubjectDN=Array([Dictionary(CN=String("Bob Durand"), C=String("FR"))]),
            KeyUsage=Array([String("X1X0XXXXX")]),
        ),
    )
    judge(pades.sign(document, bob, at=noon, field="client", reason="Approved", level=Level.T, timestamper=clock))


def test_a_wish_that_does_not_bind_is_no_obstacle(bob: FileSigner, noon: datetime) -> None:
    document = seeded(Ff=0, SubFilter=Array([Name("/adbe.pkcs7.detached")]), Reasons=Array([String("Read")]))
    pades.sign(document, bob, at=noon, field="client")


def test_a_field_for_a_certification_gets_one(bob: FileSigner, noon: datetime, judge: Callable[..., None]) -> None:
    judge(pades.sign(seeded(MDP=Dictionary(P=2)), bob, at=noon, field="client", certify=Changes.FORMS))


@pytest.mark.parametrize("seed", [Dictionary(Ff=String("many")), Dictionary(Ff=8, Reasons=5), Dictionary(MDP=Array())])
def test_seed_values_that_make_no_sense_are_refused(seed: Dictionary, bob: FileSigner, noon: datetime) -> None:
    with pytest.raises((InputError, Refused)):
        pades.sign(pdfs.form(seed=seed), bob, at=noon, field="client")
