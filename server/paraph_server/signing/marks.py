"""The drawn signature: a small PNG, looked at before it is kept."""

import base64
import binascii
import io

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from paraph_server.signing.errors import BadMark

LARGEST = 256 * 1024  # bytes
MOST_PIXELS = 2000 * 1000
PREFIX = "data:image/png;base64,"


def read(data_url: str) -> bytes:
    """The PNG in a data URL, drawn anew: whatever else the file carried is gone.

    Raises:
        BadMark: something else, too large, or not readable.
    """
    try:
        content = base64.b64decode(data_url.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        content = b""
    if not data_url.startswith(PREFIX) or not 0 < len(content) <= LARGEST:
        raise _refusal()
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _refusal()
            drawn = io.BytesIO()
            image.convert("RGBA").save(drawn, "PNG", optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise _refusal() from None
    return drawn.getvalue()


def _refusal() -> BadMark:
    return BadMark(_("The drawn signature could not be read. Draw it again, or type your name instead."))
