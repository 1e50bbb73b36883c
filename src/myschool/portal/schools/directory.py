"""The index as one process holds it: an image, and beside it what changed since. Follows the directory's version.

every second at most: version asked ──same──▶ nothing
                            └──changed──▶ up to 2 000 rows: a small index of them beside the big one
                                          more, or a new image: the image is read anew
"""

import asyncio
import time
from dataclasses import dataclass

import structlog

from myschool.kit.db import Tx
from myschool.portal.schools import store
from myschool.portal.schools.model import NO_FILTERS, NO_HINTS, Filters, Hints, School
from myschool.portal.schools.search.build import build
from myschool.portal.schools.search.find import Hit, find
from myschool.portal.schools.search.index import ImageUnreadable, Index

log = structlog.get_logger(__name__)

ASKED_EVERY = 1.0
# Up to so many changed rows every process adds to its index by itself; beyond that it takes a new image.
MOST_FOLLOWED = 2_000
_EMPTY = build([])


@dataclass(frozen=True, slots=True)
class _State:
    """`changes` has the rows of later versions than `image_version`; in `base` they are passed over."""

    version: int
    image_version: int
    base: Index
    changes: Index | None = None
    passed_over: frozenset[str] = frozenset()


class Directory:
    """One for a process. Searching reads one reference, so a search under way keeps the state it began with."""

    def __init__(self) -> None:
        self._state = _State(0, 0, _EMPTY)
        self._asked_at = float("-inf")
        self._following = asyncio.Lock()

    @property
    def version(self) -> int:
        return self._state.version

    async def follow(self, tx: Tx) -> None:
        """Brings the index to the version of the database; asks at most once a second."""
        if time.monotonic() - self._asked_at < ASKED_EVERY:
            return
        async with self._following:
            if time.monotonic() - self._asked_at < ASKED_EVERY:
                return
            versions = await store.versions(tx)
            if versions.directory != self._state.version:
                self._state = await self._followed(tx, versions)
            self._asked_at = time.monotonic()

    async def _followed(self, tx: Tx, versions: store.Versions) -> _State:
        state = self._state
        base, image_version = state.base, state.image_version
        if versions.image != image_version and (image := await self._image(tx, versions.image)) is not None:
            base, image_version = image, versions.image
        changed = await store.changed_since(tx, image_version, MOST_FOLLOWED) if image_version else None
        if changed is None:
            log.info("school_index_built", version=versions.directory)
            rows = [row async for row in store.listed(tx)]
            return _State(versions.directory, versions.directory, await asyncio.to_thread(build, rows))
        return await asyncio.to_thread(_with_changes, versions.directory, image_version, base, changed)

    async def _image(self, tx: Tx, version: int) -> Index | None:
        image = await store.read_image(tx, version)
        if not image:
            return None
        try:
            return await asyncio.to_thread(Index.from_bytes, image)
        except ImageUnreadable:
            # Written by another version of the code: this process builds its own.
            log.warning("school_index_unreadable", version=version)
            return None

    def find(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        hints: Hints = NO_HINTS,
        most: int = 10,
        explain: bool = False,
    ) -> list[Hit]:
        """Best first, from the image and from what changed since."""
        state = self._state
        hits = find(query, state.base, filters=filters, hints=hints, most=most, explain=explain)
        if state.changes is None and not state.passed_over:
            return hits
        if any(hit.ogrn in state.passed_over for hit in hits):
            more = most + len(state.passed_over)
            hits = find(query, state.base, filters=filters, hints=hints, most=more, explain=explain)
            hits = [hit for hit in hits if hit.ogrn not in state.passed_over]
        if state.changes is not None:
            hits += find(query, state.changes, filters=filters, hints=hints, most=most, explain=explain)
            hits.sort(key=lambda hit: -hit.score)
        return hits[:most]


def _with_changes(version: int, image_version: int, base: Index, changed: list[tuple[School, bool]]) -> _State:
    listed = [row for row, is_listed in changed if is_listed]
    return _State(
        version,
        image_version,
        base,
        build(listed, background=base) if listed else None,
        frozenset(row.ogrn.digits for row, _ in changed),
    )
