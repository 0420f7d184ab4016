"""Workflows that are sent again and again: roles in the place of people, words to be filled in."""
