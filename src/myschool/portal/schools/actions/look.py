"""Searching, looking at one school, and the portal's own mark: a school that has an administrator here."""

from collections.abc import Sequence

from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.portal.schools import store
from myschool.portal.schools.directory import Directory
from myschool.portal.schools.model import NO_FILTERS, NO_HINTS, Filters, Hints, School, SchoolUnknown
from myschool.portal.schools.search.find import Hit


async def search(
    tx: Tx,
    directory: Directory,
    query: str,
    *,
    filters: Filters = NO_FILTERS,
    hints: Hints = NO_HINTS,
    most: int = 10,
    explain: bool = False,
) -> list[tuple[School, Hit]]:
    """Schools, best first. Never raises for what was typed."""
    await directory.follow(tx)
    hits = directory.find(query, filters=filters, hints=hints, most=most, explain=explain)
    by_ogrn = {row.ogrn.digits: row for row in await store.load_many(tx, [hit.ogrn for hit in hits])}
    return [(by_ogrn[hit.ogrn], hit) for hit in hits if hit.ogrn in by_ogrn]


async def look_at(tx: Tx, ogrn: str) -> School:
    """Also a school that its register no longer has. Raises `SchoolUnknown`."""
    found = await store.find(tx, ogrn)
    if found is None:
        raise SchoolUnknown(ogrn)
    return found


async def look_at_many(tx: Tx, ogrns: Sequence[str]) -> list[School]:
    """In the order asked, without those that are unknown."""
    return await store.load_many(tx, ogrns)


async def connect(tx: Tx, ogrn: str) -> None:
    """The school has an administrator here. Raises `SchoolUnknown`; twice is as good as once."""
    await _mark(tx, ogrn, is_connected=True)


async def disconnect(tx: Tx, ogrn: str) -> None:
    """Raises `SchoolUnknown`."""
    await _mark(tx, ogrn, is_connected=False)


async def _mark(tx: Tx, ogrn: str, *, is_connected: bool) -> None:
    found = await look_at(tx, ogrn)
    if found.is_connected == is_connected:
        return
    version = await store.lock(tx) + 1
    await store.remember(tx, [ogrn], version, at := clock.now(), import_id=None, are_new=False)
    if await store.mark_connected(tx, ogrn, is_connected=is_connected, version=version, at=at):
        await store.raise_version(tx, version)
