"""Signing with a certificate that a provider keeps: the signer gives leave there, for these documents alone."""
