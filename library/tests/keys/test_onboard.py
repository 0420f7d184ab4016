"""Keys that a token makes itself, with SoftHSM 2."""

import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from paraph.algorithms import Digest
from paraph.errors import UnusableKey
from paraph.keys import onboard
from paraph.keys.new import KeyType
from paraph.keys.sessions import describe, session, understood
from paraph.keys.token import TokenSigner, public_key
from paraph.keys.uri import Pkcs11Uri
from paraph.keys.verify import verify
from paraph.pki import stand_in
from paraph_testing.token import MODULE, PIN, Token
from pkcs11 import Attribute, ObjectClass

pytestmark = pytest.mark.skipif(
    not (MODULE.exists() and shutil.which("softhsm2-util")), reason="softhsm2 is not installed"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    return Token(tmp_path_factory.mktemp("softhsm"), "Vault")


@pytest.fixture(params=KeyType)
def made(request: pytest.FixtureRequest, token: Token) -> tuple[KeyType, Pkcs11Uri]:
    """A new key of each kind."""
    kind = KeyType(request.param)
    uri = Pkcs11Uri.of(token.uri(request.node.name))
    onboard.generate(uri, PIN, kind)
    return kind, uri


def test_it_signs(made: tuple[KeyType, Pkcs11Uri]) -> None:
    kind, uri = made
    public = public_key(uri, PIN)
    assert public.key_size == {KeyType.P256: 256, KeyType.P384: 384, KeyType.RSA3072: 3072}[kind]
    assert isinstance(public, rsa.RSAPublicKey if kind is KeyType.RSA3072 else ec.EllipticCurvePublicKey)
    signer = TokenSigner(uri, PIN, [stand_in(public)])
    digest = Digest.of(b"to be signed", signer.algorithm.hash)
    verify(public, digest, signer.sign(digest))


def test_it_does_nothing_else_and_never_leaves(made: tuple[KeyType, Pkcs11Uri]) -> None:
    with understood():
        key = session(made[1], PIN).get_key(ObjectClass.PRIVATE_KEY, label=made[1].object)
        yes = (Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.LOCAL, Attribute.SIGN)
        no = (Attribute.EXTRACTABLE, Attribute.DECRYPT, Attribute.UNWRAP)
        assert [key[each] for each in (*yes, *no)] == [True] * 4 + [False] * 3


def test_it_is_destroyed_and_no_other(made: tuple[KeyType, Pkcs11Uri], token: Token) -> None:
    other = Pkcs11Uri.of(token.uri("other"))
    if not onboard.exists(other, PIN):
        onboard.generate(other, PIN, KeyType.P256)
    onboard.destroy(made[1], PIN)
    assert not onboard.exists(made[1], PIN)
    assert onboard.exists(other, PIN)
    with pytest.raises(UnusableKey, match="no such key"):
        onboard.destroy(made[1], PIN)


def test_nothing_is_destroyed_that_is_not_named(token: Token) -> None:
    with pytest.raises(UnusableKey, match="names no key"):
        onboard.destroy(Pkcs11Uri.of(f"pkcs11:token=Vault?module-path={MODULE}"), PIN)


def test_a_token_describes_itself_without_a_pin(token: Token) -> None:
    said = describe(Pkcs11Uri.of(token.uri("any")))
    assert (said.label, said.serial) == ("Vault", token.serial)
    assert (said.manufacturer, said.model) == ("SoftHSM project", "SoftHSM v2")
