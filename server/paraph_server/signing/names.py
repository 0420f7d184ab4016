"""Whether the holder of a certificate is the person who was asked to sign."""

from cryptography import x509
from django.utils.translation import gettext as _

from paraph_server.identification.certificates import holder, names_in
from paraph_server.identification.names import Verdict, compare
from paraph_server.signing.errors import BadCertificate
from paraph_server.signing.signers import Signer


def check_name(certificate: x509.Certificate, signer: Signer) -> None:
    """See that a certificate names the signer, as `identification.names` judges; a doubt is as good as a no here.

    Raises:
        BadCertificate: it names somebody else, or a pseudonym.
    """
    found = (compare(signer.first_name, signer.last_name, each) for each in names_in(certificate.subject))
    if not any(each.verdict is Verdict.SAME for each in found):
        raise BadCertificate(
            _("This certificate is that of %(holder)s, and %(signer)s was asked to sign.")
            % {"holder": holder(certificate.subject), "signer": signer.name}
        )
