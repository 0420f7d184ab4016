"""Bytes to structures and back; no opinion on trust."""
