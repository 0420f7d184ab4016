"""Unpublished: test PKI, sample documents, demo platform, inbox, the fixed cast of people."""
