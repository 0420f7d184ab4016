"""A browser that leaves for somebody else's page, and comes back: the one that left is the one that counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from paraph_server.signing.queries import Act
from paraph_server.web import journeys


def depart(
    request: HttpRequest, act: Act, kind: str, *, state: str, journey: str, address: str, provider: object
) -> HttpResponse:
    """Over a page of ours: browsers refuse to let a form lead elsewhere, which our headers forbid.

    Args:
        request: of the browser, whose session remembers the journey.
        act: what the signer does meanwhile.
        kind: of the journey, where the session keeps it.
        state: by which the answer will name it (RFC 6749 §4.1.1).
        journey: its id here.
        address: where it leads.
        provider: whose page that is; it has a `name`.
    """
    journeys.remember(request, kind, state, [journey, act.id])
    return render(request, "signing/leaving.html", {"act": act, "address": address, "provider": provider})


def arrive(request: HttpRequest, kind: str) -> tuple[str, str, str] | None:
    """The state that an answer names, with its journey and its act, this once; None where it did not begin here."""
    state, begun = journeys.recall(request, kind)
    return None if begun is None else (state, *begun)
