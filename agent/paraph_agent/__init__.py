"""Lends the smart card or USB token on the signer's computer to the signing page.

The agent listens on the signer's own machine, where any page of any site can knock. So the first thing it knows, and
all there is of it so far, is whom it answers: `paraph_agent.door`.
"""
