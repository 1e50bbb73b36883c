"""Serves applications with Granian: a house in processes that are respawned, small parts together in one process."""

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels, logger
from granian.server import Server
from granian.server.embed import Server as EmbeddedServer
from starlette.types import ASGIApp

from myschool.kit.children import die_with_parent

KILLED_AFTER = 4
"""Seconds that a web process gets to finish its requests."""


@dataclass(frozen=True)
class Part:
    """One application and where it listens."""

    app: ASGIApp
    port: int


def serve(factory: str, *, address: str, port: int, workers: int) -> None:
    """`factory` is `module:function`; it is called in each worker process. Returns after SIGTERM or SIGINT."""
    # Workers share what their parent has imported; later versions of Python would start them from nothing.
    multiprocessing.set_start_method("fork", force=True)
    Server(
        factory,
        address=address,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        http=HTTPModes.auto,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=KILLED_AFTER,
        log_level=LogLevels.warning,
        backlog=1024,
    ).serve(target_loader=_load)


def _load(factory: str) -> ASGIApp:
    """Runs in the worker process, which must not outlive the one that watches it.

    Until Granian has its own handlers in place the worker still has those of its parent, which would swallow a SIGTERM.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent(signal.SIGTERM)
    module, _, name = factory.partition(":")
    app: ASGIApp = getattr(import_module(module), name)()
    return app


async def serve_together(parts: Sequence[Part], *, address: str, stop: asyncio.Event) -> None:
    """Serves all parts in this process until `stop` is set."""
    logger.addFilter(_not_of_experiments)
    servers = [
        EmbeddedServer(
            part.app,
            address=address,
            port=part.port,
            interface=Interfaces.ASGI,
            websockets=False,
            log_level=LogLevels.warning,
        )
        for part in parts
    ]
    for server in servers:
        server.workers_kill_timeout = KILLED_AFTER
    running = [asyncio.create_task(server.serve()) for server in servers]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.stop()  # type: ignore[no-untyped-call]
    stopping.cancel()
    await asyncio.gather(*running)


def _not_of_experiments(record: logging.LogRecord) -> bool:
    """Granian calls its embedded server experimental at every start; only the sandbox runs on it."""
    return "experimental" not in record.getMessage()


def stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
