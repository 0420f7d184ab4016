"""The platform behind the signing page: one origin, over HTTPS, for as long as one pairing lasts."""

import base64
import json
import platform
import secrets
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph_agent import messages
from paraph_agent.errors import AgentError, Expired, Misbehaves, Refused, TooOld, Unreachable
from paraph_agent.links import Invitation
from paraph_agent.log import logger
from paraph_agent.messages import PROTOCOL, Document, Request, Standing, text
from paraph_agent.texts import language

LARGEST = 16 * 2**20
"""Bytes of an answer: five thousand documents fit."""
TIMEOUT = httpx2.Timeout(20.0)
PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts: what was asked twice is carried out once."""
_OK = 200
_SERVER_FAULT = 500
_FAULTS: dict[str, type[AgentError]] = {"AgentTooOld": TooOld, "PairingOver": Expired}


class Platform:
    """What one pairing may ask of the platform. The secret that says who asks is made here, and never written down."""

    def __init__(self, origin: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        self.origin = origin
        self._pause = pause
        self._secret = secrets.token_urlsafe(32)
        self._client = httpx2.Client(
            base_url=f"{origin}/api/cards",
            timeout=TIMEOUT,
            follow_redirects=False,
            headers={
                "User-Agent": f"paraph-agent/{version('paraph-agent')}",
                "Accept": "application/json",
                "Accept-Language": language(),
            },
        )

    def close(self) -> None:
        self._client.close()

    def claim(self, invitation: Invitation) -> Request:
        """Take up a pairing: from now on its code is worth nothing to anybody else.

        Raises:
            Expired, Refused: the code is wrong, used or too old.
            TooOld, Misbehaves, Unreachable: the platform cannot be talked to.
        """
        told = {
            "protocol": PROTOCOL,
            "code": invitation.code,
            "secret": self._secret,
            "agent": f"{version('paraph-agent')} {platform.system()}"[:60],
        }
        return messages.request(self._call("POST", "/pairings", told))

    def present(
        self, request: Request, certificate: x509.Certificate, chain: Sequence[x509.Certificate], algorithm: str
    ) -> Standing:
        """Say with which certificate the person wants to sign."""
        told = {"certificate": _encoded(certificate), "chain": list(map(_encoded, chain)), "algorithm": algorithm}
        return messages.standing(self._call("PUT", f"/pairings/{request.pairing}/certificate", told))

    def standing(self, request: Request) -> Standing:
        return messages.standing(self._call("GET", f"/pairings/{request.pairing}"))

    def deliver(self, request: Request, signatures: Sequence[tuple[Document, bytes]]) -> Standing:
        """Hand over what the card has signed."""
        told = [{"document": each.id, "value": base64.b64encode(value).decode()} for each, value in signatures]
        return messages.standing(self._call("PUT", f"/pairings/{request.pairing}/signatures", {"signatures": told}))

    def report(self, request: Request, code: str, *, final: bool) -> None:
        """Let the signing page say what went wrong; when even that fails, the log is enough."""
        try:
            self._call("POST", f"/pairings/{request.pairing}/failure", {"code": code, "final": final})
        except AgentError as fault:
            logger.warning("The failure %s could not be reported: %s", code, fault.code)

    def _call(self, method: str, path: str, told: object = None) -> Any:
        for pause in (*PAUSES, None):
            try:
                return self._answer(method, path, told)
            except Unreachable:
                if pause is None:
                    raise
                self._pause(pause)
        raise Unreachable

    def _answer(self, method: str, path: str, told: object) -> Any:
        headers = {"Authorization": f"Bearer {self._secret}"}
        try:
            with self._client.stream(method, path, json=told, headers=headers) as response:
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LARGEST:
                        raise Misbehaves
        except httpx2.HTTPError as fault:
            logger.warning("%s does not answer: %s", self.origin, type(fault).__name__)
            raise Unreachable from None
        if response.status_code >= _SERVER_FAULT:
            raise Unreachable
        answer = _json(body)
        if response.status_code != _OK:
            raise _fault(answer)
        return answer


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Misbehaves from None


def _fault(answer: Any) -> AgentError:
    """What a problem document (RFC 9457) says."""
    if not isinstance(answer, dict) or not isinstance(answer.get("detail"), str):
        return Misbehaves()
    known = _FAULTS.get(str(answer.get("code")))
    return known() if known else Refused(text(answer["detail"]))


def _encoded(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
