"""Entries of the journal as the REST API writes them."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import TenantId
from paraph_server.web.schemas import EXAMPLE, Milliseconds, identifier

Digest = Annotated[str, Field(description="A SHA-256, in hexadecimal.", examples=["5d0f8a" + "0" * 58])]


class Actor(TypedDict):
    """Who did it, and from where."""

    kind: Literal["user", "recipient", "platform"]
    id: Annotated[str, Field(examples=[f"usr_{EXAMPLE}"])]
    name: Annotated[str, Field(examples=["Alice Marchand"])]
    address: Annotated[str, Field(description="The network address.", examples=["192.0.2.1"])]
    agent: Annotated[str, Field(description="The browser or the program.", examples=["Mozilla/5.0"])]


class JournalEntry(TypedDict):
    """One thing that happened; nobody changes or removes it."""

    id: Annotated[str, identifier("ent", "an entry")]
    tenantId: TenantId
    sequence: Annotated[int, Field(description="Its number in the organisation's journal, without gaps.", examples=[7])]
    created: Milliseconds
    event: Annotated[str, Field(description="Subject and verb.", examples=["workflow:started"])]
    subject: Annotated[
        str, Field(description="The id of what it happened to.", examples=["wfl_2vPzkWqD7xYhLmRt5cNb8gJs"])
    ]
    actor: Actor
    details: Annotated[
        dict[str, Any], Field(description="What else is to be known.", examples=[{"name": "Contract 42"}])
    ]
    hash: Digest
    previous: Annotated[Digest, Field(description="The hash of the entry before.")]
