"""The calls as methods: of a `Client` they give their result, of an `AsyncClient` something to await."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, ParamSpec, TypeVar, overload

from paraph.client import api
from paraph.client.api import Page
from paraph.client.calls import Call

if TYPE_CHECKING:
    from paraph.client.transport import AsyncClient, Client

P = ParamSpec("P")
T = TypeVar("T")


class _Method:
    """The description of a call, and what a client does with it."""

    act: ClassVar[str]

    def __init__(self, describe: Callable[..., Call[Any]]) -> None:
        self._describe = describe
        self.__doc__ = describe.__doc__

    def __get__(self, client: Any, owner: object) -> Any:
        if client is None:
            return self
        act = getattr(client, self.act)

        @functools.wraps(self._describe)
        def method(*given: Any, **named: Any) -> Any:
            return act(self._describe(*given, **named))

        return method


class Operation(_Method, Generic[P, T]):
    """A call as a method."""

    act = "send"

    if TYPE_CHECKING:

        def __init__(self, describe: Callable[P, Call[T]]) -> None: ...
        @overload
        def __get__(self, client: "Client", owner: object) -> Callable[P, T]: ...
        @overload
        def __get__(self, client: "AsyncClient", owner: object) -> Callable[P, Awaitable[T]]: ...
        def __get__(self, client: Any, owner: object) -> Any: ...


class Listing(_Method, Generic[P, T]):
    """A list as a method that goes through all of it, page by page, as far as it is read."""

    act = "each"

    if TYPE_CHECKING:

        def __init__(self, describe: Callable[P, Call[Page[T]]]) -> None: ...
        @overload
        def __get__(self, client: "Client", owner: object) -> Callable[P, Iterator[T]]: ...
        @overload
        def __get__(self, client: "AsyncClient", owner: object) -> Callable[P, AsyncIterator[T]]: ...
        def __get__(self, client: Any, owner: object) -> Any: ...


class Operations:
    """Everything that both clients do."""

    version = Operation(api.version)
    me = Operation(api.me)
    user = Operation(api.user)
    users = Listing(api.users)
    consent_pages = Listing(api.consent_pages)
    signature_profiles = Listing(api.signature_profiles)
    request = Operation(api.request)
    advice = Operation(api.advice)

    create_workflow = Operation(api.create_workflow)
    workflow = Operation(api.workflow)
    workflows = Listing(api.workflows)
    change_workflow = Operation(api.change_workflow)
    start_workflow = Operation(api.start_workflow)
    stop_workflow = Operation(api.stop_workflow)
    archive_workflow = Operation(api.archive_workflow)
    invite = Operation(api.invite)
    send_invite = Operation(api.send_invite)

    add_document = Operation(api.add_document)
    add_attachment = Operation(api.add_attachment)
    document = Operation(api.document)
    change_document = Operation(api.change_document)
    download_documents = Operation(api.download_documents)
    download_evidence = Operation(api.download_evidence)

    register_webhook = Operation(api.register_webhook)
    webhooks = Listing(api.webhooks)
    webhook = Operation(api.webhook)
    change_webhook = Operation(api.change_webhook)
    remove_webhook = Operation(api.remove_webhook)
    webhook_event = Operation(api.webhook_event)
    webhook_events = Listing(api.webhook_events)
    redeliver = Operation(api.redeliver)
