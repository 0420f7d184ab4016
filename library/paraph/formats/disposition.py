"""`Content-Disposition` in HTTP (RFC 6266): what a file is called."""

import re
from email.message import Message
from email.utils import collapse_rfc2231_value


def filename(header: str) -> str:
    """The name as it was sent, "" for none; `filename*`, which can hold every character, goes first (§4.3)."""
    message = Message()
    message["Content-Disposition"] = re.sub(r"[\r\n]", "", header) or "attachment"
    parameters = message.get_params([], "Content-Disposition")
    names = [value for name, value in parameters if name.lower() == "filename"]
    chosen = sorted(names, key=lambda each: not isinstance(each, tuple))[:1]
    return "".join(collapse_rfc2231_value(each) for each in chosen).strip()
