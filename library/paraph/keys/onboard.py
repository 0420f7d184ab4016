"""Keys that a token makes itself, and never gives away."""

import os
from collections.abc import Iterator
from typing import Any

from pkcs11 import Attribute, MechanismFlag, ObjectClass, Session
from pkcs11 import KeyType as Kind
from pkcs11.util.ec import encode_named_curve_parameters

from paraph.errors import UnusableKey
from paraph.keys.new import KeyType
from paraph.keys.sessions import session, understood, writing
from paraph.keys.uri import Pkcs11Uri

_CURVES = {KeyType.P256: "secp256r1", KeyType.P384: "secp384r1"}
_RSA_BITS = 3072


def exists(uri: Pkcs11Uri, pin: str | None) -> bool:
    """Whether the token has a key, or half of one, of this name.

    Raises:
        UnusableKey: no such token, or a wrong or locked PIN.
        Unavailable: the module does not load, or its token does not answer.
    """
    with understood():
        return any(True for _ in _halves(session(uri, pin), uri))


def generate(uri: Pkcs11Uri, pin: str | None, kind: KeyType) -> None:
    """Have the token make a key pair that signs and does nothing else; see first that none `exists` of its name.

    Raises:
        Refused: the token makes no such keys.
        What `exists` raises.
    """
    made: dict[str, Any] = {
        "id": uri.id or os.urandom(16),
        "label": uri.object,
        "store": True,
        "capabilities": MechanismFlag.SIGN | MechanismFlag.VERIFY,
        "private_template": {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    }
    with understood(), writing(uri, pin) as changing:
        if kind is KeyType.RSA3072:
            changing.generate_keypair(Kind.RSA, _RSA_BITS, **made)
        else:
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVES[kind])}
            changing.create_domain_parameters(Kind.EC, curve, local=True).generate_keypair(**made)


def destroy(uri: Pkcs11Uri, pin: str | None) -> None:
    """Have the token forget both halves of a key, for good.

    Raises:
        UnusableKey: there is no such key.
        What `exists` raises.
    """
    with understood(), writing(uri, pin) as changing:
        found = list(_halves(changing, uri))
        if not found:
            raise UnusableKey("There is no such key on the token.")
        for each in found:
            each.destroy()


def _halves(session: Session, uri: Pkcs11Uri) -> Iterator[Any]:
    named = {Attribute.LABEL: uri.object, Attribute.ID: uri.id}
    given = {attribute: value for attribute, value in named.items() if value is not None}
    if not given:
        raise UnusableKey("The URI names no key: say object= or id=.")
    for half in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY):
        yield from session.get_objects({Attribute.CLASS: half, **given})
