"""Delivers the agenda: claims what is due, runs the reactions, takes it off. Any number of processes side by side.

Reactions of an event and its removal are one transaction. Items without errands go through in chunks, one transaction a
chunk: when anything in a chunk fails, all of it is rolled back and each item is tried alone. An errand asks the outside
world first, holding no transaction, and settles the answer in one.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic
from uuid import UUID

import msgspec
import structlog

from myschool.kit import agenda, agenda_lease, clock
from myschool.kit.agenda import Asking, C, Errand, Event, Item, Later, Reaction, Wiring, Work
from myschool.kit.db import Database, DatabaseUnavailable, OutcomeUnknown, Tx

log = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
# Twenty failures take about half a day.
MAX_ATTEMPTS = 20
PURGE_EVERY = 3600.0

Answers = Mapping[int, Any]


class TwoEventsOneKind(Exception):
    """Two event classes of the wiring carry the same tag."""


def backoff(attempts: int) -> timedelta:
    """Pause after the given number of failures: doubling from 2 seconds to an hour, each ± half."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 30), LONGEST_PAUSE)
    return timedelta(seconds=pause.total_seconds() * (0.5 + random.random()))  # noqa: S311 - jitter, not a secret


@dataclass
class Worker(Generic[C]):
    """`concurrency` transactions at once, and `questions` errands waiting for their answers, which hold none.

    The pool of `db` needs `concurrency + 3` connections.

    `rest` is the longest sleep in seconds, so also the delay of what was just put; `lease_for` how long the items of a
    killed worker stay with it; `grace` how many seconds running work may take after `stop`.
    """

    db: Database
    wiring: Wiring[C]
    ctx: C
    concurrency: int = 3
    questions: int = 16
    chunk: int = 16
    rest: float = 0.5
    lease_for: timedelta = timedelta(seconds=60)
    grace: float = 10.0
    max_attempts: int = MAX_ATTEMPTS
    forget: Callable[[Tx], Awaitable[Any]] = agenda.purge_keys
    """Called once an hour; a house with pages gives `upkeep.forget`."""
    _reactions: dict[str, Sequence[Reaction[C]]] = field(init=False, repr=False)
    _decoders: dict[str, msgspec.json.Decoder[Event]] = field(init=False, repr=False)
    _transactions: asyncio.Semaphore = field(init=False, repr=False)
    _taken: dict[UUID, Item] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._reactions = {agenda.kind_of(event): reactions for event, reactions in self.wiring.items()}
        self._decoders = {agenda.kind_of(event): msgspec.json.Decoder(event) for event in self.wiring}
        self._transactions = asyncio.Semaphore(self.concurrency)
        if len(self._reactions) != len(self.wiring):
            raise TwoEventsOneKind(sorted(agenda.kind_of(event) for event in self.wiring))

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then finishes what is running. Outlives a restart of the database."""
        steps, errands = self._kinds()
        try:
            async with asyncio.TaskGroup() as group:
                upkeep = group.create_task(self._upkeep())
                lanes = [
                    group.create_task(self._lane(stop, steps, self.concurrency, self.chunk)),
                    group.create_task(self._lane(stop, errands, self.questions, 1)),
                ]
                await asyncio.wait(lanes)
                upkeep.cancel()
        finally:
            await self._give_back()

    async def drain(self, *, limit: int = 10_000) -> int:
        """Does all that is due now, and what it puts on the agenda due now; returns how many items it took.

        For tests and commands. Stops after `limit` items, so reactions that feed each other end.
        """
        done = 0
        kinds = [kind for lane in self._kinds() for kind in lane]
        while done < limit and (items := await self._claim(kinds, self.chunk)):
            for item in items:
                await self._do_chunk([item])
            done += len(items)
        return done

    def _kinds(self) -> tuple[list[str], list[str]]:
        """Kinds whose reactions need the database only, and kinds with an errand among them."""
        errands = [kind for kind, reactions in self._reactions.items() if any(isinstance(r, Errand) for r in reactions)]
        return [kind for kind in self._reactions if kind not in errands], errands

    async def _lane(self, stop: asyncio.Event, kinds: list[str], slots: int, size: int) -> None:
        """Keeps up to `slots` tasks busy with `size` items each; sleeps when nothing is due."""
        if not kinds:
            return
        stopped: asyncio.Future[Any] = asyncio.ensure_future(stop.wait())
        running: set[asyncio.Future[Any]] = set()
        rested = True
        try:
            while not stop.is_set():
                room = slots - len(running)
                # Under load half of the slots are filled by one claim; a single free one waits for the next rest.
                if room and (rested or 2 * room >= slots):
                    items = await self._claim(kinds, room * size)
                    parts = [items[i : i + size] for i in range(0, len(items), size)]
                    running |= {asyncio.ensure_future(self._do_chunk(part)) for part in parts}
                done, _ = await asyncio.wait(
                    {stopped, *running}, timeout=self.rest, return_when=asyncio.FIRST_COMPLETED
                )
                running, rested = _checked(running, done), not done
            if running:
                done, _ = await asyncio.wait(running, timeout=self.grace)
                running = _checked(running, done)
        finally:
            for task in (stopped, *running):
                task.cancel()
            await asyncio.gather(stopped, *running, return_exceptions=True)

    async def _claim(self, kinds: Sequence[str], limit: int) -> list[Item]:
        """Empty while the database is away: the lane sleeps and asks again."""
        try:
            items = await self.db.run(
                lambda tx: agenda_lease.claim(tx, kinds, limit=limit, lease_for=self.lease_for), attempts=1
            )
        except (DatabaseUnavailable, OutcomeUnknown) as error:
            log.warning("agenda_unreachable", error=type(error).__name__)
            return []
        self._taken |= {item.id: item for item in items}
        return items

    async def _do_chunk(self, items: list[Item]) -> None:
        """Does the items together, or else one by one. Cut short, it leaves them in `_taken`, to be given back."""
        if not await self._done_together(items):
            for item in items:
                await self._do_one(item)
        for item in items:
            self._taken.pop(item.id, None)

    async def _done_together(self, items: list[Item]) -> bool:
        if len(items) == 1:
            return False
        try:
            await self._settle([(item, self._event(item), {}) for item in items], attempts=1)
        except Exception as error:  # whichever item it was, it fails again, alone
            log.info("agenda_chunk_split", error=agenda_lease.name_of(error), items=len(items))
            return False
        return True

    async def _do_one(self, item: Item) -> None:
        try:
            event = self._event(item)
            answers = await self._ask(item, event)
            await self._settle([(item, event, answers)])
        except Later as later:
            until, reason = later.until, later.reason
            await self._tell(lambda tx: agenda_lease.postpone(tx, item, until, reason))
        except (DatabaseUnavailable, OutcomeUnknown):
            log.warning("agenda_item_left", item=str(item.id), kind=item.kind)  # until its lease ends
        except Exception as error:  # any failure of a reaction is counted and tried again
            await self._failed(item, error)

    def _event(self, item: Item) -> Event:
        return self._decoders[item.kind].decode(item.payload)

    async def _ask(self, item: Item, event: Event) -> Answers:
        answers: dict[int, Any] = {}
        for number, reaction in enumerate(self._reactions[item.kind]):
            if isinstance(reaction, Errand):
                async with asyncio.timeout(reaction.within):
                    answers[number] = await reaction.ask(Asking(self.db, self.ctx, item), event)
        return answers

    async def _settle(self, work: Sequence[tuple[Item, Event, Answers]], *, attempts: int = 12) -> None:
        """All effects of the items still ours, and their removal, in one transaction."""

        async def transact(tx: Tx) -> None:
            held = await agenda_lease.hold(tx, [item for item, _, _ in work])
            ours = {item.id for item in held}
            for item, event, answers in work:
                if item.id in ours:
                    await self._react(Work(tx, self.ctx, item), event, answers)
            if held:
                await agenda_lease.finish(tx, held)

        async with self._transactions:
            try:
                await self.db.run(transact, attempts=attempts)
            except OutcomeUnknown:
                # Asking again is safe: what was committed is off the agenda, so it is not held again.
                await self.db.run(transact, attempts=attempts)

    async def _react(self, work: Work[C], event: Event, answers: Answers) -> None:
        for number, reaction in enumerate(self._reactions[work.item.kind]):
            if isinstance(reaction, Errand):
                await reaction.settle(work, event, answers[number])
            else:
                await reaction(work, event)

    async def _failed(self, item: Item, error: Exception) -> None:
        attempts = item.attempts + 1
        again_at = clock.now() + backoff(attempts) if attempts < self.max_attempts else None
        log.warning(
            "agenda_item_failed",
            item=str(item.id),
            kind=item.kind,
            attempts=attempts,
            error=agenda_lease.name_of(error),
            dead=again_at is None,
        )
        await self._tell(lambda tx: agenda_lease.fail(tx, item, error, again_at=again_at))

    async def _upkeep(self) -> None:
        """Renews the leases of what is in hand, and forgets what is past once an hour."""
        purge_at = 0.0
        while True:
            await self._renew(list(self._taken.values()))
            if time.monotonic() >= purge_at:
                await self._tell(self.forget)
                purge_at = time.monotonic() + PURGE_EVERY
            await asyncio.sleep(self.lease_for.total_seconds() / 3)

    async def _renew(self, items: Sequence[Item]) -> None:
        if items:
            await self._tell(lambda tx: agenda_lease.renew(tx, items, lease_for=self.lease_for))

    async def _give_back(self) -> None:
        if left := list(self._taken.values()):
            self._taken.clear()
            await self._tell(lambda tx: agenda_lease.release(tx, left))

    async def _tell(self, note: Callable[[Tx], Awaitable[Any]]) -> None:
        """Writes about items; when that can not be written, the lease ends by itself and the item is taken again."""
        try:
            await self.db.run(note)
        except (DatabaseUnavailable, OutcomeUnknown) as error:
            log.warning("agenda_note_lost", error=type(error).__name__)


def _checked(running: set[asyncio.Future[Any]], done: set[asyncio.Future[Any]]) -> set[asyncio.Future[Any]]:
    """The tasks still running; raises what a finished one could not deal with."""
    for task in running & done:
        task.result()
    return running - done
