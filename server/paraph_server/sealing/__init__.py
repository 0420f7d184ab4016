"""Seals of legal persons (*cachets*)."""
