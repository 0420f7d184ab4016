"""The Paraph trust service, the only holder of private keys.

Four roles in one process: `authority` issues certificates, `signing` is the signing unit behind the CSC API v2,
`timestamping` answers RFC 3161, `status` says by CRL and OCSP what has been revoked. A `ceremony` brings the keys into
being, `log` remembers their lives, `clients` are who may ask.
"""
