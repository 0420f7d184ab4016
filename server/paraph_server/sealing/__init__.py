"""Seals of legal persons."""
