"""Bringing a register in: one transaction, so a file that turns out damaged at its last line has changed nothing.

Each row is compared by digest with what is there: the same file twice changes nothing the second time. Rows that the
register no longer has are marked as gone, never deleted; when they are more than two in a hundred the import stops, for
that is how half a file looks.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from myschool.kit import agenda, clock
from myschool.kit.db import Database, Tx
from myschool.kit.ids import new_id
from myschool.portal.schools import store
from myschool.portal.schools.data import SHIPPED
from myschool.portal.schools.directory import MOST_FOLLOWED
from myschool.portal.schools.importing import Line, Reason, Refusal, Source, opened, read_csv
from myschool.portal.schools.model import School, SchoolLiquidated, SchoolReorganised, SchoolState
from myschool.portal.schools.search.build import Builder

BRAKE = 0.02
_BATCH = 1_000
_KEPT_REFUSALS = 1_000

# (bytes read, bytes of the file, lines so far)
Progress = Callable[[int, int, int], None]
Reader = Callable[[Source], Iterator[Line | Refusal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`register` names whose rows these are: only its own rows can vanish. `is_partial`: the file has only some of
    its rows, so none vanishes. `by` is who does it, for the record."""

    register: str
    by: str = "system"
    is_dry: bool = False
    is_partial: bool = False
    may_vanish: bool = False


@dataclass(slots=True)
class Counts:
    lines: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    back: int = 0
    gone: int = 0
    refused: int = 0

    def as_facts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def touched(self) -> int:
        return self.added + self.changed + self.back + self.gone


@dataclass(slots=True)
class ImportReport:
    """`version` is the directory's after the import; the same as before when nothing changed or it was dry. Of many
    refusals the first thousand are kept; `counts.refused` has them all."""

    counts: Counts = field(default_factory=Counts)
    refusals: list[Refusal] = field(default_factory=list)
    version: int = 0
    import_id: UUID | None = None


class TooManyVanish(Exception):
    """The brake: this many of the register's rows are not in the file. Nothing was changed."""

    def __init__(self, gone: int, of: int, report: ImportReport) -> None:
        super().__init__(f"{gone} of {of}")
        self.gone = gone
        self.of = of
        self.report = report


async def bring_in(
    db: Database, path: Path, options: Options, *, reader: Reader = read_csv, progress: Progress | None = None
) -> ImportReport:
    """Raises `FileDamaged` and `TooManyVanish`; then nothing was changed."""

    async def work(tx: Tx) -> ImportReport:
        with opened(path) as source:
            return await _Import(tx, path, options, clock.now()).run(source, reader, progress)

    return await db.run(work)


def digest_of(path: Path) -> str:
    """SHA-256 of the file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


SHIPPED_REGISTER = "schools"


async def bring_in_shipped(db: Database) -> ImportReport | None:
    """The directory that comes with the program, for a start; None when this very file is in already.

    Partial: an operator's fuller register under the same name loses nothing when the program is updated.
    """

    async def last_digest(tx: Tx) -> str:
        return await store.last_file_of(tx, SHIPPED_REGISTER)

    if await db.run(last_digest) == digest_of(SHIPPED):
        return None
    return await bring_in(db, SHIPPED, Options(register=SHIPPED_REGISTER, by="start", is_partial=True))


class _Import:
    """One run over one file, inside one transaction."""

    def __init__(self, tx: Tx, path: Path, options: Options, at: datetime) -> None:
        self.tx = tx
        self.path = path
        self.options = options
        self.at = at
        self.report = ImportReport()
        self.import_id = new_id()
        self.version = 0
        self.known: dict[int, store.Known] = {}
        self.seen: set[int] = set()

    async def run(self, source: Source, reader: Reader, progress: Progress | None) -> ImportReport:
        before = await store.lock(self.tx)
        self.version = before + 1
        self.known = await store.known(self.tx)
        lines = reader(source)
        while batch := list(islice(lines, _BATCH)):
            await self._take(batch)
            if progress:
                progress(source.position, source.size, self.report.counts.lines)
        await self._let_go()
        # The index is built next, and both together would be the peak of memory.
        self.known, self.seen = {}, set()
        counts = self.report.counts
        self.report.version = before
        if self.options.is_dry or not counts.touched:
            return self.report
        await store.raise_version(self.tx, self.version)
        await store.add_import(
            self.tx,
            store.ImportRecord(
                id=self.import_id,
                register=self.options.register,
                file_name=self.path.name,
                file_digest=digest_of(self.path),
                version=self.version,
                counts=counts.as_facts(),
                done_by=self.options.by,
                done_at=self.at,
            ),
        )
        await publish_index(self.tx, self.version, touched=counts.touched)
        self.report.version, self.report.import_id = self.version, self.import_id
        return self.report

    async def _take(self, batch: list[Line | Refusal]) -> None:
        counts = self.report.counts
        new: list[School] = []
        changed: list[School] = []
        for line in batch:
            counts.lines += 1
            if isinstance(line, Refusal):
                self._refuse(line)
                continue
            key = int(line.school.ogrn.digits)
            if key in self.seen:
                self._refuse(Refusal(line.number, Reason.REPEATED, line.school.ogrn.digits))
                continue
            self.seen.add(key)
            row = self.known.get(key)
            if row is None:
                counts.added += 1
                new.append(line.school)
            elif row.is_gone:
                counts.back += 1
                changed.append(line.school)
            elif row.digest != store.digest_of(line.school):
                counts.changed += 1
                changed.append(line.school)
            else:
                counts.same += 1
        if not self.options.is_dry:
            await self._write(new, changed)

    def _refuse(self, refusal: Refusal) -> None:
        self.report.counts.refused += 1
        if len(self.report.refusals) < _KEPT_REFUSALS:
            self.report.refusals.append(refusal)

    async def _write(self, new: list[School], changed: list[School]) -> None:
        if changed:
            await self._tell_ends(changed)
        await self._remember([row.ogrn.digits for row in new], are_new=True)
        await self._remember([row.ogrn.digits for row in changed], are_new=False)
        await store.write(self.tx, [*new, *changed], self.options.register, self.version, self.at)

    async def _remember(self, ogrns: list[str], *, are_new: bool) -> None:
        if ogrns:
            await store.remember(self.tx, ogrns, self.version, self.at, import_id=self.import_id, are_new=are_new)

    async def _tell_ends(self, changed: list[School]) -> None:
        """Members of a school that ended must not be left hanging, so the end is an event in this transaction."""
        ended = {row.ogrn.digits: row for row in changed if row.state is not SchoolState.ACTIVE}
        for was in await store.load_many(self.tx, list(ended)):
            now = ended[was.ogrn.digits]
            if now.state is SchoolState.LIQUIDATED and was.state is not SchoolState.LIQUIDATED:
                await agenda.put(self.tx, SchoolLiquidated(ogrn=was.ogrn.digits))
            successor = now.successor.digits if now.successor else ""
            if now.state is SchoolState.REORGANISED and (was.state is not now.state or was.successor != now.successor):
                await agenda.put(self.tx, SchoolReorganised(ogrn=was.ogrn.digits, successor=successor))

    async def _let_go(self) -> None:
        """Marks what the register no longer has. Raises `TooManyVanish`."""
        if self.options.is_partial:
            return
        own = [key for key, row in self.known.items() if row.register == self.options.register and not row.is_gone]
        gone = [f"{key:013d}" for key in own if key not in self.seen]
        self.report.counts.gone = len(gone)
        if len(gone) > BRAKE * len(own) and not self.options.may_vanish:
            raise TooManyVanish(len(gone), len(own), self.report)
        if gone and not self.options.is_dry:
            await self._remember(gone, are_new=False)
            await store.mark_gone(self.tx, gone, self.version, self.at)


async def publish_index(tx: Tx, version: int, *, touched: int) -> None:
    """Stores the image of the index for this version when there is none or the last has fallen too far behind."""
    image_version = (await store.versions(tx)).image
    if image_version and touched <= MOST_FOLLOWED:
        later = await store.changed_since(tx, image_version, MOST_FOLLOWED)
        if later is not None:
            return
    builder = Builder()
    async for row in store.listed(tx):
        builder.add(row)
    await store.write_image(tx, version, builder.finish().to_bytes())
