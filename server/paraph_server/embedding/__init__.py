"""The customer's own sites: which of them may show signing pages, and have signers sent back to them."""
