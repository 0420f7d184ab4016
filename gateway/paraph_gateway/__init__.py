"""In the customer’s premises: documents stay, digests leave."""
