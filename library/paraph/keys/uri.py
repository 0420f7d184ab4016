"""The names of keys on tokens: `pkcs11:` URIs (RFC 7512)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, unquote_to_bytes

from paraph.errors import InputError

_PATH = {"token", "serial", "object", "id", "slot-id", "manufacturer", "model", "type"}
_QUERY = {"module-path", "pin-source"}


@dataclass(frozen=True, slots=True)
class Pkcs11Uri:
    """Which module, token and key; None where the URI does not say."""

    module_path: str
    token: str | None = None
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    slot_id: int | None = None
    object: str | None = None
    id: bytes | None = None
    pin_source: Path | None = None
    """The file with the PIN."""

    @classmethod
    def of(cls, uri: str) -> Self:
        """Read a URI such as `pkcs11:token=Seals;object=invoices?module-path=/usr/lib/softhsm/libsofthsm2.so`.

        Raises:
            InputError: it cannot be read, carries the PIN itself, or names no module.
        """
        scheme, _, rest = uri.partition(":")
        path, _, query = rest.partition("?")
        if scheme != "pkcs11":
            raise InputError("This is not a pkcs11: URI.")
        attributes, options = _pairs(path, ";", _PATH), _pairs(query, "&", _QUERY)
        if "module-path" not in options:
            raise InputError("The URI names no module: end it with ?module-path=, the file of the token's driver.")
        if attributes.get("type", "private") != "private":
            raise InputError("The URI names something else than a private key: type= is private, or left out.")
        source = options.get("pin-source")
        try:
            slot = int(attributes["slot-id"]) if "slot-id" in attributes else None
        except ValueError:
            raise InputError("slot-id= is a number.") from None
        return cls(
            module_path=unquote(options["module-path"]),
            token=_text(attributes, "token"),
            serial=_text(attributes, "serial"),
            manufacturer=_text(attributes, "manufacturer"),
            model=_text(attributes, "model"),
            slot_id=slot,
            object=_text(attributes, "object"),
            id=unquote_to_bytes(attributes["id"]) if "id" in attributes else None,
            pin_source=Path(unquote(source).removeprefix("file:")) if source else None,
        )


def _pairs(part: str, separator: str, known: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, part.split(separator)):
        name, given, value = pair.partition("=")
        if name == "pin-value":
            raise InputError("A PIN does not belong into a URI, which others can see: use pin-source=, or type it.")
        if not given or name not in known or name in found:
            raise InputError(f"The URI cannot be read at {name!r}.")
        found[name] = value
    return found


def _text(attributes: dict[str, str], name: str) -> str | None:
    return unquote(attributes[name]) if name in attributes else None
