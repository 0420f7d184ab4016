"""Calls of the REST API: said twice, done once; and nobody overwrites what they have not seen."""
