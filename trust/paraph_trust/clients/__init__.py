"""Who may ask for signatures: the platform's servers, each with a bearer token."""
