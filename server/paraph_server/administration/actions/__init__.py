"""The verbs, by noun. Each is one transaction, one change, one entry in the journal."""
