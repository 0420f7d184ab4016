"""Certificates: read them, and find the path from one to a root that is trusted."""

from paraph.certs.path import TrustStore, path
from paraph.certs.read import read

__all__ = ["TrustStore", "path", "read"]
