"""Trust service providers, which keep people's signing keys for them: who they are, and what we ask of them."""
