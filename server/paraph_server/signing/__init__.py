"""The signer’s session: consent, code, signature."""
