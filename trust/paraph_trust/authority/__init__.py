"""The certificate authority: every certificate it issued, and what became of it."""
