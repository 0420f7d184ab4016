"""What the shapes of the REST API are made of, each with what the reference page says of it and an example.

Answers are typed dictionaries: the type checker compares what `shapes` makes with them, and whoever calls the API reads
them in its OpenAPI document. A field that may be absent is `NotRequired`.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field
from typing_extensions import TypedDict

T = TypeVar("T")

EXAMPLE = "2vPzkWqD7xYhLmRt5cNb8gJs"
Milliseconds = Annotated[int, Field(description="Milliseconds since 1970, UTC.", examples=[1_767_225_600_000])]
Email = Annotated[str, Field(description="An e-mail address.", examples=["bob@example.org"])]
FirstName = Annotated[str, Field(description="First name.", examples=["Bob"])]
LastName = Annotated[str, Field(description="Last name.", examples=["Durand"])]
Country = Annotated[str, Field(description="ISO 3166-1, two letters.", examples=["FR"])]
Locale = Annotated[str, Field(description="The language they are written to in.", examples=["fr"])]
PhoneNumber = Annotated[str, Field(description="A telephone number in E.164.", examples=["+33601020304"])]


def identifier(prefix: str, what: str) -> object:
    """The annotation of an id: `prefix`, an underscore, base-58 characters."""
    pattern = f"^{prefix}_[0-9A-Za-z]+$"
    said: dict[str, Any] = {"pattern": pattern}  # for readers; what we answer need not be checked against it each time
    return Field(description=f"The id of {what}.", examples=[f"{prefix}_{EXAMPLE}"], json_schema_extra=said)


class Page(TypedDict, Generic[T]):
    """One page of a list."""

    items: list[T]
    itemsPerPage: Annotated[int, Field(description="How many items a page holds at most.", examples=[20])]
    pageIndex: Annotated[int, Field(description="The page's number, from 0.", examples=[0])]
    totalItems: Annotated[int, Field(description="How many items there are on all pages.", examples=[1])]


class Problem(TypedDict):
    """What went wrong (RFC 9457), with the names that clients of the reference product read. May say more."""

    type: Annotated[str, Field(examples=["about:blank"])]
    title: Annotated[str, Field(description="The name of the status.", examples=["Not Found"])]
    status: Annotated[int, Field(description="The HTTP status, again.", examples=[404])]
    detail: Annotated[str, Field(description="A sentence for people.", examples=["There is no such workflow."])]
    instance: Annotated[str, Field(description="The request's id in the log.", examples=[f"log_{EXAMPLE}"])]
    error: Annotated[str, Field(description="As `title`.", examples=["Not Found"])]
    message: Annotated[str, Field(description="As `detail`.", examples=["There is no such workflow."])]
    code: Annotated[str, Field(description="The problem's stable name, for programs.", examples=["WorkflowNotFound"])]


def files(*types: str) -> dict[str, object]:
    """For `openapi_extra`: the answer is a file of one of these types; `*/*` stands for whatever was uploaded."""
    content = {each: {"schema": {"type": "string", "format": "binary"}} for each in types}
    return {"responses": {200: {"description": "The file.", "content": content}}}


def body(*types: str) -> dict[str, object]:
    """For `openapi_extra`: the body is a file of one of these types."""
    content = {each: {"schema": {"type": "string", "format": "binary"}} for each in types}
    return {"requestBody": {"required": True, "content": content}}


def uploads() -> dict[str, object]:
    """For `openapi_extra`: the body is a file of any type, or a form with files."""
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": file}, "additionalProperties": file}
    content = {"application/octet-stream": {"schema": file}, "multipart/form-data": {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}
