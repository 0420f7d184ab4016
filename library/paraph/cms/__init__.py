"""Signed messages (RFC 5652), as CAdES, PAdES and RFC 3161 shape them."""

from paraph.cms.parts import BrokenMessage
from paraph.cms.signed_data import SignedData
from paraph.cms.signer_info import Attribute, SignerInfo
from paraph.cms.template import DATA, TIMESTAMP_INFO, Template

__all__ = ["DATA", "TIMESTAMP_INFO", "Attribute", "BrokenMessage", "SignedData", "SignerInfo", "Template"]
