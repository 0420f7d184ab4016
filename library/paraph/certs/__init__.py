"""Certificates: read them, find the path from one to a root that is trusted, learn whether they were revoked."""

from paraph.certs.path import TrustStore, path
from paraph.certs.read import parsed, policies, read, thumbprint
from paraph.certs.revocation import Revocations
from paraph.certs.subjects import Subjects
from paraph.certs.validation_data import ValidationData

__all__ = [
    "Revocations",
    "Subjects",
    "TrustStore",
    "ValidationData",
    "parsed",
    "path",
    "policies",
    "read",
    "thumbprint",
]
