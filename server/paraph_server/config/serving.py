"""The HTTP server: granian's processes with threads, under a parent that handles signals."""

import ctypes
import gc
import signal
import sys
from collections.abc import Callable
from multiprocessing import parent_process
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server import MPServer

PR_SET_PDEATHSIG = 1  # prctl(2), Linux
RUBBISH = 50_000
"""Objects after which Python looks for rubbish: a page of workflows makes thousands, and leaves next to none."""
PATIENCE = 10  # seconds that running requests get to finish when the server stops


def serve(*, host: str, port: int, processes: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered is finished first."""
    server = MPServer(
        "paraph_server.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=processes,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    )
    server.serve(target_loader=_load, wrap_loader=False)


def _load() -> Callable[..., Any]:
    """Load the application in the process that will answer, and have that one die with its parent, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        parent = parent_process()
        if parent is None or not parent.is_alive():  # it died before the line above took effect
            raise SystemExit(1)
    from paraph_server.config.wsgi import application  # noqa: PLC0415 - in the process that answers, not in its parent

    gc.freeze()  # what the application itself is made of is no rubbish: nobody looks through it again
    gc.set_threshold(RUBBISH)
    return application
