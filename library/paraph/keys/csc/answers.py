"""What services answer, taken strictly: what the API does not say counts as no answer."""

import json
from base64 import b64decode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from cryptography import x509

from paraph.errors import Refused, Unavailable
from paraph.fetch import Answer


def granted(answer: Answer) -> dict[str, Any]:
    """What was answered to a request that the service carries out (§10.1).

    Raises:
        Refused: it does not.
        Unavailable: it cannot now, or does not answer as the API says.
    """
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable(_sentence(answer))
    if answer.status != HTTPStatus.OK:
        raise Refused(_sentence(answer))
    return parse(answer.body)


def _sentence(answer: Answer) -> str:
    """Why not, in the service's words if it has any."""
    try:
        said = parse(answer.body)
    except Unavailable:
        said = {}
    reason = said.get("error_description") or said.get("error") or "no reason given"
    return f"The signing service answered {answer.status}: {reason}"


def error(answer: Answer) -> str:
    """The word by which the service refuses, if it has one."""
    try:
        return str(parse(answer.body).get("error") or "")
    except Unavailable:
        return ""


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object in an answer."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise Unavailable("The signing service did not answer with a JSON object.")
    return read


def text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise Unavailable(f"The signing service gave no {name}.")
    return value


def texts(values: Any) -> list[str]:
    """A list of texts; nothing else in it counts."""
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []


def part(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object in the answer; an empty one where there is none."""
    value = answer.get(name)
    return value if isinstance(value, dict) else {}


def binaries(values: Any) -> list[bytes]:
    try:
        return [b64decode(value, validate=True) for value in values]
    except (TypeError, ValueError):
        raise Unavailable("The signing service answered with something that is not base64.") from None


def certificates(answer: Mapping[str, Any]) -> list[x509.Certificate]:
    """The certificate of a credential and those of its issuers; at least one."""
    encoded = binaries(part(answer, "cert").get("certificates"))
    try:
        found = [x509.load_der_x509_certificate(each) for each in encoded]
    except (ValueError, x509.InvalidVersion):
        found = []
    if not found:
        raise Unavailable("The signing service gave no certificate that can be read.")
    return found
