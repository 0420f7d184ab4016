"""Where a code can be sent: e-mail addresses and telephone numbers, each in its one canonical form."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _

from paraph_server.identification.errors import BadAddress

LONGEST = 254
"""Characters of an e-mail address (RFC 5321 §4.5.3.1.3)."""


def email(address: str) -> str:
    """An e-mail address; its domain in the form that the name system knows (IDNA), its local part as it came.

    Raises:
        BadAddress: nothing can be sent there.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        canonical = f"{local}@{domain.lower().encode('idna').decode('ascii')}"
        validate_email(canonical)
        MaxLengthValidator(LONGEST)(canonical)
    except (ValidationError, UnicodeError):
        raise BadAddress(_("This is not an e-mail address.")) from None
    return canonical


def phone_number(number: str, country: str = "FR") -> str:
    """A telephone number in E.164; a national one is read as `country` writes it.

    Only its form is judged: numbering plans grow faster than tables of them.

    Raises:
        BadAddress: it cannot be a telephone number.
    """
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise BadAddress(_("This is not a telephone number. Write it like +33 6 12 34 56 78."))
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
