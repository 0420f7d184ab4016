"""Keys on tokens, by PKCS#11, with SoftHSM 2."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from paraph import pades
from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import InputError, Refused, Unavailable, UnusableKey
from paraph.keys.sessions import understood
from paraph.keys.token import TokenSigner
from paraph.keys.uri import Pkcs11Uri
from paraph.keys.verify import verify
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.token import MODULE, PIN, Token
from pkcs11 import exceptions

pytestmark = pytest.mark.skipif(
    not (MODULE.exists() and shutil.which("softhsm2-util")), reason="softhsm2 is not installed"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("softhsm")


@pytest.fixture(scope="module")
def pki(noon: datetime) -> Pki:
    return Pki(noon)


@pytest.fixture(scope="module")
def token(store: Path, pki: Pki) -> Token:
    """Three keys, and another token beside it."""
    Token(store, "Other")
    made = Token(store, "Seals")
    for number, (name, signer) in enumerate({"ec": pki.seal, "rsa": pki.rsa_seal, "bob": pki.bob}.items(), 1):
        made.put(signer, name, number=number)
    return made


def named(token: Token, name: str) -> Pkcs11Uri:
    return Pkcs11Uri.of(token.uri(name))


@pytest.mark.parametrize("name", ["ec", "rsa"])
def test_a_key_on_a_token_signs_a_pdf(token: Token, pki: Pki, noon: datetime, name: str, tmp_path: Path) -> None:
    signer = TokenSigner(named(token, name), PIN)
    assert signer.certificate == (pki.seal if name == "ec" else pki.rsa_seal).certificate
    assert signer.chain == (pki.issuing.certificate, pki.root.certificate)
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(pades.sign(pdfs.invoice(), signer, at=noon))
    said = subprocess.run(["pdfsig", "-nocert", signed], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said


def test_rsa_on_a_token_is_padded_as_pss_when_that_is_asked_for(token: Token, pki: Pki, noon: datetime) -> None:
    for algorithm in (SignatureAlgorithm.PSS_SHA256, SignatureAlgorithm.PSS_SHA512):
        signer = TokenSigner(named(token, "rsa"), PIN, algorithm=algorithm)
        digest = Digest.of(b"to be signed", algorithm.hash)
        verify(pki.rsa_seal.certificate.public_key(), digest, signer.sign(digest), algorithm=algorithm)
    with pytest.raises(UnusableKey, match="PSS"):
        TokenSigner(named(token, "ec"), PIN, algorithm=SignatureAlgorithm.PSS_SHA256)
    assert pades.sign(pdfs.invoice(), signer, at=noon)


def test_rsa_signs_longer_digests(token: Token, pki: Pki) -> None:
    for algorithm in (SignatureAlgorithm.RSA_SHA256, SignatureAlgorithm.PSS_SHA384):
        signer = TokenSigner(named(token, "rsa"), PIN, algorithm=algorithm)
        digest = Digest.of(b"to be signed", algorithm.hash)
        verify(pki.rsa_seal.certificate.public_key(), digest, signer.sign(digest), algorithm=algorithm)


@pytest.mark.parametrize("algorithm", [SignatureAlgorithm.RSA_SHA512, SignatureAlgorithm.PSS_SHA384])
def test_rsa_on_a_token_signs_longer_digests(token: Token, pki: Pki, algorithm: SignatureAlgorithm) -> None:
    signer = TokenSigner(named(token, "rsa"), PIN, algorithm=algorithm)
    digest = Digest.of(b"to be signed", algorithm.hash)
    verify(pki.rsa_seal.certificate.public_key(), digest, signer.sign(digest), algorithm=algorithm)


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1()], ids=lambda curve: str(curve.name))
def test_curves_beyond_p256(curve: ec.EllipticCurve, store: Path, pki: Pki, noon: datetime) -> None:
    holder = pki.seal_of(ec.generate_private_key(curve), f"Seal with {curve.name}")
    token = Token(store, curve.name)
    token.put(holder, "key")
    signer = TokenSigner(named(token, "key"), PIN)
    digest = Digest.of(b"to be signed", signer.algorithm.hash)
    verify(holder.certificate.public_key(), digest, signer.sign(digest))
    assert pades.sign(pdfs.invoice(), signer, at=noon)


def test_its_certificate_may_come_from_elsewhere(store: Path, pki: Pki) -> None:
    token = Token(store, "Bare")
    token.put(pki.carol, "carol", certificates=False)
    with pytest.raises(UnusableKey, match="No certificate"):
        TokenSigner(named(token, "carol"), PIN)
    signer = TokenSigner(
        named(token, "carol"), PIN, [pki.issuing.certificate, pki.bob.certificate, pki.carol.certificate]
    )
    assert (signer.certificate, signer.chain) == (pki.carol.certificate, (pki.issuing.certificate,))


# ---------------------------------------------------------------- several keys, several threads


@pytest.fixture(scope="module")
def pair(store: Path, pki: Pki) -> tuple[Token, list[TokenSigner]]:
    """Two keys of one token, in the hands of one process."""
    token = Token(store, "Pair")
    for number, (name, holder) in enumerate({"seal": pki.seal, "bob": pki.bob}.items(), 1):
        token.put(holder, name, number=number)
    return token, [TokenSigner(named(token, name), PIN) for name in ("seal", "bob")]


def prove(signer: TokenSigner, text: str = "to be signed") -> None:
    digest = Digest.of(text.encode())
    verify(signer.certificate.public_key(), digest, signer.sign(digest))


def test_each_signs_with_its_own_key_after_their_token_was_away(pair: tuple[Token, list[TokenSigner]]) -> None:
    """A module that starts anew gives the numbers of old keys to other ones."""
    token, signers = pair
    token.remove()
    for signer in signers:
        with pytest.raises(Unavailable):
            signer.check()
    token.insert()
    for signer in (*reversed(signers), *signers):
        signer.check()
        prove(signer)


def test_threads_share_them(pair: tuple[Token, list[TokenSigner]]) -> None:
    """Modules are started for one thread, and some crash under several."""
    _, signers = pair
    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(prove, signers * 200, map(str, range(400))))) == 400


def test_a_token_that_came_late_is_seen(store: Path, pki: Pki) -> None:
    token = Token(store, "Late")
    token.put(pki.seal, "seal")
    token.remove()
    with pytest.raises(Unavailable):
        TokenSigner(named(token, "seal"), PIN)
    token.insert()
    prove(TokenSigner(named(token, "seal"), PIN))


# ---------------------------------------------------------------- PINs


def test_a_wrong_pin_is_tried_once(store: Path, pki: Pki) -> None:
    token = Token(store, "Guarded")
    token.put(pki.seal, "seal")
    with pytest.raises(UnusableKey, match="PIN is wrong"):
        TokenSigner(named(token, "seal"), "4321")
    assert TokenSigner(named(token, "seal"), PIN)


@pytest.mark.parametrize("pin", ["", "1", "x" * 300])
def test_what_cannot_be_a_pin_is_wrong_too(token: Token, pin: str) -> None:
    with pytest.raises(UnusableKey, match="PIN is wrong"):
        TokenSigner(named(token, "ec"), pin)


def test_a_wrong_pin_is_not_tried_again_for_another_key(store: Path, pki: Pki) -> None:
    token = Token(store, "Hesitant")
    token.put(pki.seal, "seal")
    for said in ("PIN is wrong", "not tried again", "not tried again"):
        with pytest.raises(UnusableKey, match=said):
            TokenSigner(named(token, "seal"), "4321")


def test_a_token_without_a_reader_of_its_own_needs_a_pin(store: Path) -> None:
    token = Token(store, "Silent")
    with pytest.raises(UnusableKey, match="needs its PIN"):
        TokenSigner(named(token, "seal"), None)


def test_a_locked_pin_is_said_to_be_locked() -> None:
    """SoftHSM never locks one; what cards answer then is raised here."""
    with pytest.raises(UnusableKey, match=r"locked .* PUK"), understood():
        raise exceptions.PinLocked


def test_a_pin_that_is_wrong_after_a_change_of_tokens_is_not_tried_again(store: Path, pki: Pki) -> None:
    """A batch would lock the token otherwise."""
    token = Token(store, "Changed")
    token.put(pki.seal, "seal")
    signer = TokenSigner(named(token, "seal"), PIN)
    digest = Digest.of(b"to be signed", signer.algorithm.hash)
    token.remove()
    other = Token(store, "Changed", pin="9876")
    other.put(pki.seal, "seal")
    with pytest.raises(UnusableKey, match="PIN is wrong"):
        signer.sign(digest)
    for _ in range(2):
        with pytest.raises(UnusableKey, match="not tried again"):
            signer.sign(digest)
    assert TokenSigner(named(other, "seal"), "9876").sign(digest)


# ---------------------------------------------------------------- which token


@pytest.fixture(scope="module")
def twins(store: Path, pki: Pki) -> tuple[Token, Token]:
    """Two tokens of one label, each with a key under the same name."""
    bobs, carols = Token(store, "Twin"), Token(store, "Twin")
    bobs.put(pki.bob, "key")
    carols.put(pki.carol, "key")
    return bobs, carols


@pytest.mark.parametrize(
    "path",
    ["serial={token.serial}", "slot-id={token.slot}", "token=Twin;slot-id={token.slot};serial={token.serial}"],
)
def test_one_of_several_tokens_is_named(twins: tuple[Token, Token], pki: Pki, path: str) -> None:
    for token, holder in zip(twins, (pki.bob, pki.carol), strict=True):
        uri = Pkcs11Uri.of(f"pkcs11:{path.format(token=token)};object=key?module-path={MODULE}")
        signer = TokenSigner(uri, PIN)
        digest = Digest.of(b"to be signed")
        verify(holder.certificate.public_key(), digest, signer.sign(digest))


def test_a_uri_as_other_programs_list_it(twins: tuple[Token, Token], pki: Pki) -> None:
    listed = (
        "model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial={0.serial};token=Twin;id=%01;object=key;type=private"
    )
    for token, holder in zip(twins, (pki.bob, pki.carol), strict=True):
        uri = Pkcs11Uri.of(f"pkcs11:{listed.format(token)}?module-path={MODULE}")
        assert TokenSigner(uri, PIN).certificate == holder.certificate


@pytest.mark.parametrize(
    "path", ["model=Other", "manufacturer=Other", "serial=0", "slot-id=99", "token=Twin;slot-id=99"]
)
def test_what_a_uri_says_of_the_token_must_be_true(twins: tuple[Token, Token], path: str) -> None:
    with pytest.raises(Unavailable, match="plugged in"):
        TokenSigner(Pkcs11Uri.of(f"pkcs11:{path};object=key?module-path={MODULE}"), PIN)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (f"pkcs11:token=Seals;object=absent?module-path={MODULE}", "no such private key"),
        (f"pkcs11:token=Seals?module-path={MODULE}", "Several private keys"),
        (f"pkcs11:object=ec?module-path={MODULE}", "Several tokens"),
        (f"pkcs11:token=Twin;object=key?module-path={MODULE}", "Several tokens"),
    ],
)
@pytest.mark.usefixtures("token", "twins")
def test_what_is_not_one_key_is_refused(uri: str, said: str) -> None:
    with pytest.raises(UnusableKey, match=said):
        TokenSigner(Pkcs11Uri.of(uri), PIN)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (f"pkcs11:token=Absent;object=ec?module-path={MODULE}", "plugged in"),
        ("pkcs11:token=Seals?module-path=/nowhere/module.so", "cannot be used"),
    ],
)
def test_what_is_not_there_is_said(token: Token, uri: str, said: str) -> None:
    with pytest.raises(Unavailable, match=said):
        TokenSigner(Pkcs11Uri.of(uri), PIN)


def test_another_digest_than_the_keys_is_refused(token: Token, pki: Pki) -> None:
    with pytest.raises(Refused):
        TokenSigner(named(token, "ec"), PIN).sign(Digest.of(b"", pki.issuing.algorithm.hash))


# ---------------------------------------------------------------- pulled out


def test_a_token_may_be_away_for_a_while(store: Path, noon: datetime) -> None:
    """Pulled out in the middle of a batch: what was asked meanwhile fails, nothing else is lost."""
    pki = Pki(noon)
    token = Token(store, "Travelling")
    token.put(pki.rsa_seal, "seal")
    sealer = pades.Sealer(TokenSigner(named(token, "seal"), PIN))
    assert sealer.seal(pdfs.invoice(1), at=noon)
    token.remove()
    with pytest.raises(Unavailable):
        sealer.seal(pdfs.invoice(2), at=noon)
    token.insert()
    assert pades.read(sealer.seal(pdfs.invoice(2), at=noon))


@pytest.mark.parametrize(
    "uri",
    [
        "file:seal.p12",
        "pkcs11:token=Seals",
        "pkcs11:token=Seals?pin-value=1234&module-path=/m.so",
        "pkcs11:token=A;token=B?module-path=/m.so",
        "pkcs11:unknown=A?module-path=/m.so",
        "pkcs11:slot-id=one?module-path=/m.so",
        "pkcs11:object=ec;type=cert?module-path=/m.so",
    ],
)
def test_a_uri_that_cannot_be_used_is_refused(uri: str) -> None:
    with pytest.raises(InputError):
        Pkcs11Uri.of(uri)


def test_a_uri_is_decoded() -> None:
    uri = Pkcs11Uri.of("pkcs11:token=My%20Seals;id=%01%ff;slot-id=3?module-path=/m.so&pin-source=file:/run/pin")
    assert (uri.token, uri.id, uri.slot_id, uri.pin_source) == ("My Seals", b"\x01\xff", 3, Path("/run/pin"))
