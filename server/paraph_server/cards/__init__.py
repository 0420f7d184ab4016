"""Signing with a smart card: the signing page and the agent on the signer's computer find each other, once."""
