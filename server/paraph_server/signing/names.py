"""Whether the holder of a certificate is the person who was asked to sign."""

from collections.abc import Iterator

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext as _

from paraph_server.identification.names import Proven, Verdict, compare
from paraph_server.signing.errors import BadCertificate
from paraph_server.signing.signers import Signer

MOST_WORDS = 12
"""Of a common name; a certificate may hold anything."""


def check_name(certificate: x509.Certificate, signer: Signer) -> None:
    """See that a certificate names the signer, as `identification.names` judges; a doubt is as good as a no here.

    Raises:
        BadCertificate: it names somebody else, or a pseudonym.
    """
    found = (compare(signer.first_name, signer.last_name, each) for each in _proven(certificate.subject))
    if not any(each.verdict is Verdict.SAME for each in found):
        raise BadCertificate(
            _("This certificate is that of %(holder)s, and %(signer)s was asked to sign.")
            % {"holder": _readable(certificate.subject), "signer": signer.name}
        )


def _proven(subject: x509.Name) -> Iterator[Proven]:
    """Given name and surname where they stand, else every way to part the common name."""
    given, surname, common = (
        " ".join(str(each.value) for each in subject.get_attributes_for_oid(oid))
        for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.COMMON_NAME)
    )
    if given and surname:
        yield Proven(given, surname)
        return
    words = common.split()[:MOST_WORDS]
    for place in range(1, len(words)):
        yield Proven(" ".join(words[:place]), " ".join(words[place:]))


def _readable(subject: x509.Name) -> str:
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else subject.rfc4514_string()
