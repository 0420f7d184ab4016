"""What the signing page gives: a link, or a code to type. Both are read strictly, for anybody can make a link."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from paraph_agent.errors import BadLink, NotSecure

SCHEME = "paraph-agent"
LONGEST = 400
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes: no letter that is taken for a digit or for another letter."""
LENGTH = 8
_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_THIS_MACHINE = {"127.0.0.1", "[::1]", "localhost"}
_DEFAULT_PORTS = {"https": "443", "http": "80"}


@dataclass(frozen=True, slots=True)
class Invitation:
    """Which platform asks (RFC 6454: scheme, host, port), and the code that its signing page shows."""

    origin: str
    code: str
    by_link: bool


def read(link: str) -> Invitation:
    """A link as the signing page makes it: `paraph-agent://pair?origin=https%3A%2F%2Fsign.example.org&code=…`.

    Raises:
        BadLink: anything is too much, missing, or there twice.
        NotSecure: its origin is not reached over HTTPS.
    """
    if len(link) > LONGEST or not link.isascii():
        raise BadLink
    try:
        parts = urlsplit(link)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True, max_num_fields=2)
    except ValueError:
        raise BadLink from None
    place = (parts.scheme, parts.netloc, parts.path.strip("/"), parts.fragment)
    if place != (SCHEME, "pair", "", "") or sorted(name for name, _ in given) != ["code", "origin"]:
        raise BadLink
    found = dict(given)
    if found["origin"] != origin(found["origin"]):
        raise BadLink
    return Invitation(found["origin"], code(found["code"]), by_link=True)


def origin(address: str) -> str:
    """The origin of an address as a person types or copies it: `sign.example.org` → `https://sign.example.org`.

    Raises:
        BadLink: it is no address of a site.
        NotSecure: it is one without encryption, on another machine.
    """
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    scheme, _, rest = address.partition("://")
    place = f"{scheme.lower()}://{re.split(r'[/?#]', rest, maxsplit=1)[0].lower()}"
    found = _ORIGIN.fullmatch(place)
    if found is None:
        raise BadLink
    scheme, host, port = found.groups()
    if scheme != "https" and host not in _THIS_MACHINE:
        raise NotSecure
    return f"{scheme}://{host}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def code(typed: str) -> str:
    """A code as a person types it: in small letters, with gaps, with an O for a zero.

    Raises:
        BadLink: it has not the form of a code.
    """
    if len(typed) > LONGEST:
        raise BadLink
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()
    plain = plain.translate(str.maketrans("OIL", "011"))
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        raise BadLink
    return plain
