"""Delivers the agenda of both houses: letters, questions to registries, timers, reactions to events."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from myschool.gosuslugi import wiring as gosuslugi
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Tx
from myschool.kit.letters import Postman, PostOffice, SmsPostman, SmtpPostman
from myschool.kit.opening import open_database, open_vault, prepare_process
from myschool.kit.serving import stop_on_signals
from myschool.kit.settings import HouseKey, Settings
from myschool.portal import wiring as portal

CONCURRENCY = 3
Forget = Callable[[Tx], Awaitable[None]]


def post_office(settings: Settings, client: httpx.AsyncClient) -> Postman:
    return PostOffice(SmtpPostman(settings.smtp_url), SmsPostman(settings.sms_url, client))


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Runs until `stop` is set; both houses in one process, each with its own connections."""
    async with httpx.AsyncClient(timeout=20) as client:
        vault = open_vault(settings)
        postman = post_office(settings, client)

        def worker(house: HouseKey, context: Any, table: Callable[[Any, Postman], Any], forget: Forget) -> Worker[Any]:
            database = open_database(settings, house, pool_size=2 * CONCURRENCY + 2)
            return Worker(database, table(context, postman), context, concurrency=CONCURRENCY, forget=forget)

        workers = [
            worker("gosuslugi", gosuslugi.Context(settings, vault), gosuslugi.wiring, gosuslugi.forget),
            worker("portal", portal.Context(settings, vault), portal.wiring, portal.forget),
        ]
        await asyncio.gather(*(one.run(stop) for one in workers))
        for one in workers:
            await one.db.close()


async def run(settings: Settings) -> None:
    prepare_process(settings, "worker")
    stop = asyncio.Event()
    stop_on_signals(stop)
    await work(settings, stop)
