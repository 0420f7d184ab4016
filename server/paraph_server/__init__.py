"""The Paraph platform: workflows, REST API, signer and sender pages."""
