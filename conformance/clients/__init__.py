"""Public clients of the reference product, as others wrote them, pointed at a running Paraph.

    python -m conformance.clients FOLDER…

Their code is not copied here: check their repositories out (`SOURCES`) below a folder and name it. Each call that they
know is made as they make it, while signers walk their pages; one line for each, and a failure when one is not answered
as they expect. `server/tests/workflows/test_the_reference_clients_are_understood.py` pins the same facts without them.
What they do not call of the reference page, `reference` does.
"""

SOURCES = {
    "https://github.com/pioug43/passerelle_goodflag": "passerelle_goodflag/client.py",
    "https://github.com/ignatij/goodflag-poc-deno": "backend/goodflag.ts",
}
"""Where to find each, and the file by which it is recognised."""
