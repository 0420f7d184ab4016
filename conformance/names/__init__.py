"""A list of hard pairs of French names, made by rule, and how the matching of names does on it."""
