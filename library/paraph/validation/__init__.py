"""Validate signed files in the manner of EN 319 102-1: what is proved, and what is not, with the reason."""

from paraph.validation.report import Finding, Indication, Report, Subindication
from paraph.validation.validate import validate

__all__ = ["Finding", "Indication", "Report", "Subindication", "validate"]
