"""What is asked of a browser about passkeys, and what its answer proves (WebAuthn level 3, §7)."""

from collections.abc import Iterable
from typing import Any

import webauthn
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from paraph_server.accounts.models import User
from paraph_server.authentication.models import Passkey
from paraph_server.config.options import options

PREFERRED, REQUIRED = UserVerificationRequirement.PREFERRED, UserVerificationRequirement.REQUIRED
LONGEST_ANSWER = 20_000  # characters


def possible() -> bool:
    """Passkeys belong to a name, never to an IP address, and browsers want it to be protected."""
    host = options().host
    return host == "localhost" or (options().https and not host.replace(".", "").isdecimal() and ":" not in host)


def registration(user: User, known: Iterable[Passkey], challenge: bytes) -> dict[str, Any]:
    """What a browser is asked to make a passkey with, not in a device that holds one already."""
    asked = webauthn.generate_registration_options(
        rp_id=options().host,
        rp_name="Paraph",
        user_id=user.pk.encode(),
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=PREFERRED
        ),
    )
    return options_to_json_dict(asked)


def authentication(known: Iterable[Passkey], challenge: bytes) -> dict[str, Any]:
    """What a browser is asked to prove; without `known` passkeys, by any that it has, and that knows its owner."""
    known = list(known)
    asked = webauthn.generate_authentication_options(
        rp_id=options().host,
        challenge=challenge,
        allow_credentials=_descriptors(known),
        user_verification=PREFERRED if known else REQUIRED,
    )
    return options_to_json_dict(asked)


def registered(answer: str, challenge: bytes) -> VerifiedRegistration | None:
    """The new passkey, unless the answer is not one to this question, from our own page."""
    try:
        return webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=options().host,
            expected_origin=options().public_url,
        )
    except (WebAuthnException, ValueError):
        return None


def named(answer: str) -> bytes:
    """The identifier of the passkey that an answer claims to be of; nothing is proven yet."""
    try:
        return parse_authentication_credential_json(answer[:LONGEST_ANSWER]).raw_id
    except (WebAuthnException, ValueError):
        return b""


def proven(passkey: Passkey, answer: str, challenge: bytes, *, alone: bool) -> int | None:
    """The passkey's new counter if the answer proves that it is there; `alone`, that its owner unlocked it as well."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=options().host,
            expected_origin=options().public_url,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=alone,
        )
    except (WebAuthnException, ValueError):
        return None
    return verified.new_sign_count


def _descriptors(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(each.credential_id)) for each in passkeys]
