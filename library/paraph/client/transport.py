"""The two ways a call travels: beside `fetch`, the only module that opens a connection."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from importlib.metadata import version
from itertools import count
from typing import Any, Self, TypeVar

import httpx2

from paraph.client.api import Page
from paraph.client.calls import Answer, Call, Receiver, Silence
from paraph.client.operations import Operations
from paraph.client.patience import Patience
from paraph.errors import InputError

T = TypeVar("T")
TIMEOUT = 30.0
"""Seconds for a connection, and for each piece of the answer."""


class Client(Operations):
    """A server's API, called on behalf of the user to whom a token belongs; may be shared between threads.

    Args:
        base_url: of the API, such as `https://paraph.example.org/api`.
        token: an access token, `act_….…`.
        timeout: seconds for a connection, and for each piece of the answer.
        patience: how often calls are tried.

    Raises:
        InputError: the address or the token cannot be one.
    """

    def __init__(
        self, base_url: str, token: str, *, timeout: float = TIMEOUT, patience: Patience | None = None
    ) -> None:
        self._http = httpx2.Client(**_settings(base_url, token, timeout))
        self._patience = patience or Patience()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def send(self, call: Call[T]) -> T:
        """Make a call, again where `Patience` says so."""
        start = call.into.tell() if call.into else 0
        for tried in count(1):
            outcome = self._try(call)
            pause = self._patience.after(outcome, tried=tried)
            if pause is None:
                break
            _rewind(call, start)
            time.sleep(pause)
        return call.result(outcome)

    def each(self, call: Call[Page[T]]) -> Iterator[T]:
        """What a list holds, page by page."""
        for number in count():
            page = self.send(_page(call, number))
            yield from page.items
            if _last(page, number):
                return

    def _try(self, call: Call[object]) -> Answer | Silence:
        content = call.pieces() if call.body else None
        try:
            with self._http.stream(**_request(call), content=content) as response:
                receiver = Receiver(call, response.status_code, response.headers)
                for piece in response.iter_bytes():
                    receiver.take(piece)
                return receiver.answer()
        except httpx2.HTTPError as error:
            return _silence(error)


class AsyncClient(Operations):
    """As `Client`, for asyncio: its methods are awaited, its lists read with `async for`."""

    def __init__(
        self, base_url: str, token: str, *, timeout: float = TIMEOUT, patience: Patience | None = None
    ) -> None:
        self._http = httpx2.AsyncClient(**_settings(base_url, token, timeout))
        self._patience = patience or Patience()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, call: Call[T]) -> T:
        """Make a call, again where `Patience` says so."""
        start = call.into.tell() if call.into else 0
        for tried in count(1):
            outcome = await self._try(call)
            pause = self._patience.after(outcome, tried=tried)
            if pause is None:
                break
            _rewind(call, start)
            await asyncio.sleep(pause)
        return call.result(outcome)

    async def each(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        """What a list holds, page by page."""
        for number in count():
            page = await self.send(_page(call, number))
            for item in page.items:
                yield item
            if _last(page, number):
                return

    async def _try(self, call: Call[object]) -> Answer | Silence:
        content = _flowing(call.pieces()) if call.body else None
        try:
            async with self._http.stream(**_request(call), content=content) as response:
                receiver = Receiver(call, response.status_code, response.headers)
                async for piece in response.aiter_bytes():
                    receiver.take(piece)
                return receiver.answer()
        except httpx2.HTTPError as error:
            return _silence(error)


async def _flowing(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Reading 64 kB from a disk takes less time than to have a thread do it."""
    for piece in pieces:
        yield piece


def _settings(base_url: str, token: str, timeout: float) -> dict[str, Any]:
    try:
        url = httpx2.URL(base_url)
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in {"http", "https"} or not url.host:
        raise InputError("Write the address of the API as https://paraph.example.org/api.")
    if not token.isascii() or not token.isprintable() or not token or " " in token:
        raise InputError("An access token looks like act_….…")
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json, */*",
        "User-Agent": f"paraph-client/{version('paraph')}",
    }
    return {"base_url": url, "headers": headers, "timeout": timeout}


def _request(call: Call[object]) -> dict[str, Any]:
    url = f"/{call.path}"  # below the base address, whatever it looks like: the token goes nowhere else
    return {"method": call.method, "url": url, "params": call.query or None, "headers": call.all_headers()}


def _silence(error: httpx2.HTTPError) -> Silence:
    return Silence(str(error) or type(error).__name__)


def _rewind(call: Call[object], start: int) -> None:
    """Take back what half an answer has left in the file."""
    if call.into and call.into.tell() != start:
        call.into.seek(start)
        call.into.truncate()


def _page(call: Call[Page[T]], number: int) -> Call[Page[T]]:
    return replace(call, query={**call.query, "pageIndex": number})


def _last(page: Page[T], number: int) -> bool:
    return not page.items or (number + 1) * page.size >= page.total
