"""Registers come in, people search, processes follow."""

from pathlib import Path

import pytest
from sqlalchemy import select

from myschool.kit.agenda import agenda_item
from myschool.kit.db import Database
from myschool.kit.schema import metadata as ground
from myschool.portal.schools import store
from myschool.portal.schools.actions import (
    NothingToUndo,
    Options,
    TooManyVanish,
    bring_in,
    bring_in_shipped,
    connect,
    look_at,
    search,
    undo_last_import,
)
from myschool.portal.schools.directory import Directory
from myschool.portal.schools.importing import FileDamaged
from myschool.portal.schools.model import SchoolState, SchoolUnknown
from myschool.portal.tables import metadata
from tests.conftest import MakeDb
from tests.portal.schools.rows import ogrn
from tests.portal.schools.test_importing import HEADER, line

OPTIONS = Options(register="schools", by="test")


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(ground, metadata)


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Directory:
    """A process that asks for the version at every search."""
    monkeypatch.setattr("myschool.portal.schools.directory.ASKED_EVERY", 0.0)
    return Directory()


def a_file(folder: Path, numbers: range, change: dict[int, str] | None = None, name: str = "schools.csv") -> Path:
    """A register of schools «Школа № n», some of them changed."""
    changes = change or {}
    path = folder / name
    path.write_text(HEADER + "".join(changes.get(n, line(n, f"Школа № {n}")) for n in numbers))
    return path


async def found(db: Database, directory: Directory, query: str) -> list[str]:
    async with db.transaction() as tx:
        return [school.full_name for school, _ in await search(tx, directory, query)]


async def test_an_imported_school_is_found_and_looked_at(db: Database, directory: Directory, tmp_path: Path) -> None:
    """After the import the school is found by its name and known by its ОГРН."""
    report = await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    assert (report.counts.added, report.version) == (59, 1)
    assert (await found(db, directory, "школа 7 тула"))[0] == "Школа № 7"
    async with db.transaction() as tx:
        assert (await look_at(tx, ogrn(7))).settlement == "г Тула"
        with pytest.raises(SchoolUnknown):
            await look_at(tx, ogrn(1000))


async def test_the_same_file_twice_changes_nothing(db: Database, tmp_path: Path) -> None:
    """The second import of a file touches no row and does not raise the version."""
    path = a_file(tmp_path, range(1, 60))
    await bring_in(db, path, OPTIONS)
    again = await bring_in(db, path, OPTIONS)
    assert (again.counts.same, again.counts.touched, again.version) == (59, 0, 1)


async def test_a_dry_run_reports_and_changes_nothing(db: Database, tmp_path: Path) -> None:
    """The report of a dry run is that of the real one."""
    path = a_file(tmp_path, range(1, 60), {5: line(5, "")})
    dry = await bring_in(db, path, Options(register="schools", is_dry=True))
    assert (dry.counts.added, dry.counts.refused, dry.refusals[0].line) == (58, 1, 6)
    async with db.transaction() as tx:
        assert await store.count(tx) == 0


async def test_a_repeated_ogrn_is_refused(db: Database, tmp_path: Path) -> None:
    """The second line with one ОГРН is refused, whichever came first stands."""
    path = a_file(tmp_path, range(1, 60), {9: line(8, "Другая школа")})
    report = await bring_in(db, path, OPTIONS)
    assert [(refusal.line, refusal.value) for refusal in report.refusals] == [(10, ogrn(8))]


async def test_a_damaged_file_changes_nothing(db: Database, tmp_path: Path) -> None:
    """A file that breaks off after thousands of good lines leaves the directory as it was."""
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    path = a_file(tmp_path, range(1, 3_000), {3: line(3, "Изменённая школа")})
    path.write_text(path.read_text()[:-30])
    with pytest.raises(FileDamaged):
        await bring_in(db, path, OPTIONS)
    async with db.transaction() as tx:
        assert await store.count(tx) == 59
        assert (await look_at(tx, ogrn(3))).full_name == "Школа № 3"
        assert (await store.versions(tx)).directory == 1


async def test_the_brake_stops_half_a_file(db: Database, tmp_path: Path) -> None:
    """More than two in a hundred gone is no change of a register but a broken file; said so, it is done."""
    await bring_in(db, a_file(tmp_path, range(1, 101)), OPTIONS)
    with pytest.raises(TooManyVanish) as stopped:
        await bring_in(db, a_file(tmp_path, range(4, 101)), OPTIONS)
    assert (stopped.value.gone, stopped.value.of) == (3, 100)
    async with db.transaction() as tx:
        assert await store.count(tx) == 100
    within = await bring_in(db, a_file(tmp_path, range(3, 101)), OPTIONS)
    assert within.counts.gone == 2
    forced = Options(register="schools", may_vanish=True)
    assert (await bring_in(db, a_file(tmp_path, range(11, 101)), forced)).counts.gone == 8


async def test_a_register_lets_go_only_of_its_own(db: Database, tmp_path: Path) -> None:
    """Another register's file makes none of the first one's schools vanish, nor does a partial file."""
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    other = await bring_in(db, a_file(tmp_path, range(100, 160)), Options(register="others"))
    part = await bring_in(db, a_file(tmp_path, range(1, 5)), Options(register="schools", is_partial=True))
    assert (other.counts.gone, part.counts.gone, part.counts.same) == (0, 0, 4)


async def test_a_gone_school_is_not_found_but_still_known(db: Database, directory: Directory, tmp_path: Path) -> None:
    """Its members' pages still show it; a search does not offer it; when the register has it again, it is back."""
    await bring_in(db, a_file(tmp_path, range(1, 101)), OPTIONS)
    await bring_in(db, a_file(tmp_path, range(2, 101)), OPTIONS)
    assert "Школа № 1" not in await found(db, directory, "школа 1 тула")
    async with db.transaction() as tx:
        assert (await look_at(tx, ogrn(1))).full_name == "Школа № 1"
    report = await bring_in(db, a_file(tmp_path, range(1, 101)), OPTIONS)
    assert report.counts.back == 1
    assert (await found(db, directory, "школа 1 тула"))[0] == "Школа № 1"


async def test_every_row_has_its_history(db: Database, tmp_path: Path) -> None:
    """What a row was before each change can be looked up."""
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    await bring_in(db, a_file(tmp_path, range(1, 60), {7: line(7, "Лицей № 7", kind="lyceum")}), OPTIONS)
    async with db.transaction() as tx:
        changed, added = await store.history(tx, ogrn(7))
    assert (added[0], added[2]) == (1, None)
    assert changed[0] == 2
    assert changed[2] is not None
    assert changed[2]["full_name"] == "Школа № 7"


async def test_an_import_is_undone(db: Database, directory: Directory, tmp_path: Path) -> None:
    """New rows go, changed ones are what they were, gone ones are back; undone once more, the import before it goes
    too.
    """
    await bring_in(db, a_file(tmp_path, range(1, 101)), OPTIONS)
    await bring_in(db, a_file(tmp_path, range(2, 110), {7: line(7, "Лицей № 7", kind="lyceum")}), OPTIONS)
    report = await db.run(undo_last_import)
    assert (report.counts.gone, report.counts.changed) == (9, 2)
    assert (await found(db, directory, "школа 7 тула"))[0] == "Школа № 7"
    assert (await found(db, directory, "школа 1 тула"))[0] == "Школа № 1"
    assert "Школа № 105" not in await found(db, directory, "школа 105 тула")
    await db.run(undo_last_import)
    assert await found(db, directory, "школа 7 тула") == []
    with pytest.raises(NothingToUndo):
        await db.run(undo_last_import)


async def test_a_change_is_seen_by_another_process(db: Database, directory: Directory, tmp_path: Path) -> None:
    """A process that holds an image follows a small change beside it, without reading the image anew."""
    await bring_in(db, a_file(tmp_path, range(1, 101)), OPTIONS)
    assert (await found(db, directory, "школа 7 тула"))[0] == "Школа № 7"
    base = directory._state.base
    await bring_in(db, a_file(tmp_path, range(1, 101), {7: line(7, "Гимназия № 1007")}), OPTIONS)
    assert (await found(db, directory, "гимназия 1007"))[0] == "Гимназия № 1007"
    assert directory._state.base is base
    assert "Школа № 7" not in await found(db, directory, "школа 7 тула")


async def test_a_big_change_brings_a_new_image(
    db: Database, directory: Directory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the limit the importer stores a new image and processes take it."""
    monkeypatch.setattr("myschool.portal.schools.actions.bring.MOST_FOLLOWED", 10)
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    await found(db, directory, "школа")
    await bring_in(db, a_file(tmp_path, range(1, 101)), OPTIONS)
    assert (await found(db, directory, "школа 99 тула"))[0] == "Школа № 99"
    async with db.transaction() as tx:
        assert await store.versions(tx) == store.Versions(2, 2)
    assert directory._state.changes is None


async def test_a_process_without_a_readable_image_builds_its_own(
    db: Database, directory: Directory, tmp_path: Path
) -> None:
    """An image that another version of the code wrote is passed over."""
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    async with db.transaction() as tx:
        await store.write_image(tx, 1, b"of another kind")
    assert (await found(db, directory, "школа 7 тула"))[0] == "Школа № 7"


async def test_the_version_is_asked_once_a_second(db: Database, tmp_path: Path) -> None:
    """Between two questions a process answers from what it has."""
    directory = Directory()
    assert await found(db, directory, "школа 7") == []
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    assert await found(db, directory, "школа 7") == []
    assert directory.version == 0


async def test_connecting_a_school_is_remembered_and_survives_imports(
    db: Database, directory: Directory, tmp_path: Path
) -> None:
    """The portal's own mark is no register's business."""
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    await db.run(lambda tx: connect(tx, ogrn(7)))
    await db.run(lambda tx: connect(tx, ogrn(7)))
    await bring_in(db, a_file(tmp_path, range(1, 60), {7: line(7, "Лицей № 7", kind="lyceum")}), OPTIONS)
    async with db.transaction() as tx:
        school = await look_at(tx, ogrn(7))
    assert (school.is_connected, school.full_name) == (True, "Лицей № 7")


async def test_the_end_of_a_school_is_told(db: Database, tmp_path: Path) -> None:
    """A merged and a closed school each put their event on the agenda, once."""
    await bring_in(db, a_file(tmp_path, range(1, 60)), OPTIONS)
    ends = {
        7: line(7, "Школа № 7", state="reorganised", successor_ogrn=ogrn(8)),
        9: line(9, "Школа № 9", state="liquidated"),
    }
    for _ in range(2):
        await bring_in(db, a_file(tmp_path, range(1, 60), ends), OPTIONS)
    query = select(agenda_item.c.kind, agenda_item.c.payload).order_by(agenda_item.c.kind)
    async with db.transaction() as tx:
        events = (await tx.execute(query)).all()
        assert (await look_at(tx, ogrn(7))).state is SchoolState.REORGANISED
    assert [kind for kind, _ in events] == ["schools.liquidated", "schools.reorganised"]
    assert ogrn(8) in events[1][1]


async def test_the_shipped_directory_comes_in_whole_and_once(db: Database, directory: Directory) -> None:
    """All 2 389 rows of the shipped file are taken, a school of it is found, and the next start does nothing."""
    report = await bring_in_shipped(db)
    assert report is not None
    assert (report.counts.added, report.counts.refused) == (2_389, 0)
    assert "Школа № 760" in (await found(db, directory, "школа 760 мосува"))[0]
    assert await bring_in_shipped(db) is None
