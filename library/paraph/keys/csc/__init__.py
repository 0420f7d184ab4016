"""Keys that a far service holds: a client of the Cloud Signature Consortium's API, versions 1 and 2.

    service = CscService("https://sign.example.org", "the access token")
    signer = CscSigner(service, service.credential("seal-2026"))

People who authorise on the service's own page are led there, and back, by an `AuthorizationServer`.
`CscService.issue` alone is Paraph's own: it asks the trust service for a key in a person's name that signs once. The
rest works with any provider.
"""

from paraph.keys.csc.authorization import AuthorizationServer, Client
from paraph.keys.csc.credential import Credential, Otp, Secret, Secrets
from paraph.keys.csc.service import CscService, NaturalPerson
from paraph.keys.csc.signer import CscSigner
from paraph.keys.csc.uri import CscUri
from paraph.keys.csc.version import Version

__all__ = [
    "AuthorizationServer",
    "Client",
    "Credential",
    "CscService",
    "CscSigner",
    "CscUri",
    "NaturalPerson",
    "Otp",
    "Secret",
    "Secrets",
    "Version",
]
