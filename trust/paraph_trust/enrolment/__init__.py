"""Certificates for keys that others hold: officers grant them, EST hands them out (RFC 7030, RFC 8951)."""
