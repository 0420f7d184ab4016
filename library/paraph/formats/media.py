"""What a file is, as far as its name tells."""

from mimetypes import MimeTypes

_OWN = {
    ".p7s": "application/pkcs7-signature",
    ".tst": "application/vnd.etsi.timestamp-token",
    ".xml": "text/xml",
}
UNKNOWN = "application/octet-stream"


def media_type(name: str) -> str:
    """By Python's own table, not the machine's: a signature that is prepared here can be completed elsewhere."""
    own = next((kind for extension, kind in _OWN.items() if name.endswith(extension)), None)
    return own or MimeTypes().guess_type(name)[0] or UNKNOWN
