"""Lends the smart card or USB token on the signer's computer to the signing page.

The agent has no door: it listens nowhere, and no page can call it. A person starts it, by a link of the signing page or
by typing the page's code; it then calls the platform, shows who asks and for what, and lets the card sign that.

    __main__ → flow → desktop | terminal → windows → platform | cards → messages → attributes | links → texts → errors
"""
