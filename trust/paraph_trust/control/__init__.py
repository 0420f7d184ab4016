"""Dual control: who may approve, and acts that two of them must have approved (EN 319 411-1 §6.4.3)."""
