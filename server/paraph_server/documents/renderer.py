"""Pages of PDFs as images and text, drawn by a process of their own.

PDFium works for one thread at a time, and a hostile file may keep it busy for ever or bring it down. So one child
process (`drawing`) works for this one, within limits of time and memory; when it fails, it is killed and the next page
gets another.
"""

import atexit
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from paraph_server.documents.errors import NoSuchPage, Unreadable

PATIENCE = 10.0  # seconds for one page
COMMAND = (sys.executable, "-m", "paraph_server.documents.drawing")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document by a name that is no other's, and where its bytes come from."""

    name: str
    size: int
    chunks: Callable[[], Iterable[bytes]]


class Renderer:
    """The child, the document it holds, and the lock before both."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._held = ""

    def ask(self, document: Drawn, request: dict[str, int]) -> bytes:
        """What the child answers about a document; its content is fetched only when the child does not hold it."""
        with self._lock:
            child = self._running()
            held = document.name == self._held
            size, chunks = (0, ()) if held else (document.size, document.chunks())
            answer, result = self._exchange(child, request | {"bytes": size}, chunks)
            self._held = "" if answer.get("error") == "unreadable" else document.name
        match answer.get("error"):
            case None:
                return result
            case "no such page":
                raise NoSuchPage(_("This document has fewer pages."))
            case _unreadable:
                raise Unreadable(_("This page cannot be shown. You can download the document to read it."))

    def stop(self) -> None:
        self._held = ""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _exchange(
        self, child: subprocess.Popen[bytes], request: dict[str, int], chunks: Iterable[bytes]
    ) -> tuple[dict[str, Any], bytes]:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("The drawing process has no pipes.")
        alarm = threading.Timer(PATIENCE, child.kill)
        alarm.start()
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.writelines(chunks)
            child.stdin.flush()
            answer = json.loads(child.stdout.readline() or "null")
            result = child.stdout.read(answer["bytes"]) if answer else b""
        except BrokenPipeError:
            answer, result = None, b""
        except BaseException:  # half a document is with the child
            self.stop()
            raise
        finally:
            alarm.cancel()
        if answer is None or len(result) != answer["bytes"]:
            self.stop()
            return {"error": "unreadable"}, b""
        return answer, result

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
        return self._child


_renderer = Renderer()
atexit.register(_renderer.stop)


def image(document: Drawn, page: int, width: int) -> bytes:
    return _renderer.ask(document, {"page": page, "width": width})


def text(document: Drawn, page: int) -> str:
    return _renderer.ask(document, {"page": page}).decode()


def tags(document: Drawn) -> list[dict[str, Any]]:
    """What stands between double braces, page by page: `text`, `page`, `x`, `y`."""
    found: list[dict[str, Any]] = json.loads(_renderer.ask(document, {"tags": 1}))
    return found
