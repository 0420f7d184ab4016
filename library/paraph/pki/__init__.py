"""Issue certificates, revocation lists and OCSP answers, in the spirit of EN 319 411-1.

Every private-key operation goes through the `Signer` protocol: what is signed is the DER of the certificate or list, so
that a key in a file, an HSM or another house signs in the same way.
"""

from paraph.pki import ocsp, profiles, statements
from paraph.pki.issue import Issuance, issue, self_issue, stand_in
from paraph.pki.revocation import Revoked, revocation_list
from paraph.pki.subjects import AgentSubject, LegalSubject, PersonSubject

__all__ = [
    "AgentSubject",
    "Issuance",
    "LegalSubject",
    "PersonSubject",
    "Revoked",
    "issue",
    "ocsp",
    "profiles",
    "revocation_list",
    "self_issue",
    "stand_in",
    "statements",
]
