"""Serves applications with Granian: a house in processes that are respawned, small parts together in one process."""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server
from granian.server.embed import Server as EmbeddedServer
from starlette.types import ASGIApp


@dataclass(frozen=True)
class Part:
    """One application and where it listens."""

    app: ASGIApp
    port: int


def serve(factory: str, *, address: str, port: int, workers: int) -> None:
    """`factory` is `module:function`; it is called in each worker process. Returns after SIGTERM or SIGINT."""
    Server(
        factory,
        factory=True,
        address=address,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        http=HTTPModes.auto,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        backlog=1024,
    ).serve()


async def serve_together(parts: Sequence[Part], *, address: str, stop: asyncio.Event) -> None:
    """Serves all parts in this process until `stop` is set."""
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
    running = [asyncio.create_task(server.serve()) for server in servers]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.stop()  # type: ignore[no-untyped-call]
    stopping.cancel()
    await asyncio.gather(*running)


def stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
