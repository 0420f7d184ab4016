"""The time-stamping unit (RFC 3161, EN 319 421, EN 319 422)."""
