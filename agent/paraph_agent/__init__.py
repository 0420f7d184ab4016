"""Lends the smart card or USB token on the signer’s computer to the signing page."""
