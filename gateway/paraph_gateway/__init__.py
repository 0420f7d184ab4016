"""In the customer's premises: documents stay, digests leave.

The gateway prepares each signature beside the document and completes it there; the platform sees a digest and gives
back a signature. What may leave is decided in one place, `paraph_gateway.departures`, and that is all there is so far.
"""
