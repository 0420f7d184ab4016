"""Certificate status: revocation lists (RFC 5280 §5) and OCSP through a delegated responder (RFC 6960)."""
