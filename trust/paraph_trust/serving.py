"""The HTTP server: one process with threads, under a parent that handles signals and opens no key.

Drivers of tokens do not survive a fork: they are loaded in the worker.
"""

import ctypes
import signal
from collections.abc import Callable
from multiprocessing import parent_process
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server import MPServer

from paraph_trust.config.options import options

PR_SET_PDEATHSIG = 1
PATIENCE = 10
"""Seconds that running requests get to finish when the service stops."""


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered is finished first."""
    server = MPServer(
        "paraph_trust.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=options().threads,
        workers_kill_timeout=PATIENCE,
    )
    server.serve(target_loader=load, wrap_loader=False)


def load() -> Callable[..., Any]:
    """Load the application in the worker process, and have it die with its parent: no orphan may hold the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = parent_process()
    if parent is None or not parent.is_alive():  # it died before the line above took effect
        raise SystemExit(1)
    from paraph_trust.config.wsgi import application  # noqa: PLC0415  in the worker, not in its parent

    return application
