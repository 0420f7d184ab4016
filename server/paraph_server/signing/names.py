"""Whether the holder of a certificate is the person who was asked to sign."""

import re
import unicodedata

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext as _

from paraph_server.signing.errors import BadCertificate
from paraph_server.signing.signers import Signer


def check_name(certificate: x509.Certificate, signer: Signer) -> None:
    """See that a certificate names the signer, whatever the accents, the hyphens and the order.

    Raises:
        BadCertificate: it names somebody else, or a pseudonym.
    """
    wanted = _plain(signer.name)
    if wanted not in {_plain(each) for each in _names(certificate.subject)}:
        raise BadCertificate(
            _("The card belongs to %(holder)s, and %(signer)s was asked to sign.")
            % {"holder": _readable(certificate.subject), "signer": signer.name}
        )


def _names(subject: x509.Name) -> list[str]:
    """Given name and surname where they stand, else the common name, as it is written or the other way round."""
    given, surname, common = (
        " ".join(str(each.value) for each in subject.get_attributes_for_oid(oid))
        for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.COMMON_NAME)
    )
    if given and surname:
        return [f"{given} {surname}"]
    words = common.split()
    return [common, *(" ".join(words[place:] + words[:place]) for place in range(1, len(words)))]


def _readable(subject: x509.Name) -> str:
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else subject.rfc4514_string()


def _plain(name: str) -> str:
    """`Éloïse LE-GOFF` and `eloise le goff` are one."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join(re.findall(r"\w+", "".join(each for each in letters if not unicodedata.combining(each))))
