"""Signing workflows: who signs what, in which order, and how far they are."""
