"""Reading a register of schools from a file: line by line, each line a school or a refusal with its reason.

The shared form is CSV in UTF-8 with a header row, plain or gzip. Needed columns: `ogrn`, `full_name`, `kind`,
`region_code`; known ones: `inn`, `kpp`, `short_name`, `alt_names` (joined with `|`), `region`, `municipality`,
`settlement`, `address`, `state`, `successor_ogrn`, `is_test`; others are passed over. A file that is damaged, or ends
in the middle, raises `FileDamaged`: whoever imports then changes nothing.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from myschool.papers.errors import PaperRefused
from myschool.papers.numbers import Inn, Ogrn
from myschool.portal.schools.model import School, SchoolKind, SchoolState
from myschool.portal.schools.regions import REGIONS

W = TypeVar("W", bound=StrEnum)

NEEDED = ("ogrn", "full_name", "kind", "region_code")
LONGEST_NAME = 2_000
LONGEST_TEXT = 1_000
_SHOWN_OF_VALUE = 80


class Reason(StrEnum):
    """Why a line is refused."""

    WRONG_OGRN = "wrong_ogrn"
    WRONG_INN = "wrong_inn"
    WRONG_SUCCESSOR = "wrong_successor"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_REGION = "unknown_region"
    UNKNOWN_STATE = "unknown_state"
    WRONG_COLUMNS = "wrong_columns"
    REPEATED = "repeated"


class Damage(StrEnum):
    """Why a whole file is refused."""

    NOT_FOUND = "not_found"
    EMPTY = "empty"
    MISSING_COLUMNS = "missing_columns"
    NOT_UTF8 = "not_utf8"
    BROKEN_OFF = "broken_off"
    BROKEN_ARCHIVE = "broken_archive"
    NOT_CSV = "not_csv"
    NOT_XML = "not_xml"
    HAS_DTD = "has_dtd"
    UNKNOWN_FORM = "unknown_form"


@dataclass(frozen=True, slots=True)
class Line:
    """A school and the line of the file it begins on, counted from 1."""

    number: int
    school: School


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is not taken; `value` is what offended, cut short."""

    line: int
    reason: Reason
    value: str = ""


class FileDamaged(Exception):
    """The file cannot be trusted as a whole. `line` is the last one that could be read."""

    def __init__(self, damage: Damage, line: int, detail: str = "") -> None:
        super().__init__(f"{damage} at line {line}: {detail}")
        self.damage = damage
        self.line = line
        self.detail = detail


class Refused(Exception):
    """Raised while one line is read; becomes a `Refusal`."""

    def __init__(self, reason: Reason, value: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value[:_SHOWN_OF_VALUE]


@dataclass
class Source:
    """An open register. `position` moves from 0 to `size` (bytes on disk) while lines are read."""

    raw: BinaryIO
    size: int

    @property
    def position(self) -> int:
        return self.raw.tell()

    def binary(self) -> BinaryIO:
        """The content, unpacked; gzip is known by its first bytes, not by the name of the file."""
        is_packed = self.raw.read(2) == b"\x1f\x8b"
        self.raw.seek(0)
        return gzip.GzipFile(fileobj=self.raw) if is_packed else self.raw  # type: ignore[return-value]

    def streams(self) -> Iterator[BinaryIO]:
        """The XML files in it, unpacked: each of a ZIP archive, or the one. Raises FileDamaged."""
        is_archive = self.raw.read(4) == b"PK\x03\x04"
        self.raw.seek(0)
        try:
            if not is_archive:
                yield self.binary()
                return
            with zipfile.ZipFile(self.raw) as archive:
                for name in sorted(archive.namelist()):
                    if name.lower().endswith(".xml"):
                        with archive.open(name) as member:
                            yield cast("BinaryIO", member)
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
            raise FileDamaged(Damage.BROKEN_ARCHIVE, 0, str(error)) from error


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Raises `FileDamaged` when there is no such file."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise FileDamaged(Damage.NOT_FOUND, 0, error.strerror or "") from error
    with raw:
        yield Source(raw, path.stat().st_size)


def read_csv(source: Source) -> Iterator[Line | Refusal]:
    """Every line of the shared form. Raises `FileDamaged`, at the latest when the last line was read."""
    text = io.TextIOWrapper(source.binary(), encoding="utf-8-sig", newline="")
    records = _records(text)
    number = 0
    try:
        header = next(records, (0, None))[1]
        if header is None:
            raise FileDamaged(Damage.EMPTY, 0)
        if missing := [name for name in NEEDED if name not in header]:
            raise FileDamaged(Damage.MISSING_COLUMNS, 1, ", ".join(missing))
        pending: Refusal | None = None
        for number, values in records:
            if pending:
                yield pending
                pending = None
            if len(values) != len(header):
                # The last line of a file that was cut off looks like this, so it waits for a line after it.
                pending = Refusal(number, Reason.WRONG_COLUMNS, f"{len(values)} ≠ {len(header)}")
                continue
            yield _line(number, dict(zip(header, values, strict=True)))
        if pending:
            raise FileDamaged(Damage.BROKEN_OFF, pending.line, pending.value)
    except UnicodeDecodeError as error:
        raise FileDamaged(Damage.NOT_UTF8, number + 1, error.reason) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileDamaged(Damage.BROKEN_ARCHIVE, number + 1, str(error)) from error
    except csv.Error as error:
        ended = "unexpected end" in str(error)
        raise FileDamaged(Damage.BROKEN_OFF if ended else Damage.NOT_CSV, number + 1, str(error)) from error
    finally:
        # The wrapper would close what it did not open.
        text.detach()


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Records with the line they begin on; a quoted field may hold line breaks. Empty lines are passed over."""
    reader = csv.reader(lines, strict=True)
    while True:
        begins = reader.line_num + 1
        values = next(reader, None)
        if values is None:
            return
        if values:
            yield begins, values


def _line(number: int, values: Mapping[str, str]) -> Line | Refusal:
    try:
        return Line(number, school_of(values))
    except Refused as refused:
        return Refusal(number, refused.reason, refused.value)


def school_of(values: Mapping[str, str]) -> School:
    """A school from the columns of the shared form. Raises `Refused`."""

    def text(name: str, longest: int = LONGEST_TEXT) -> str:
        value = " ".join(values.get(name, "").replace("\x00", " ").split())
        if len(value) > longest:
            raise Refused(Reason.TOO_LONG, f"{name}: {value}")
        return value

    full_name = text("full_name", LONGEST_NAME)
    if not full_name:
        raise Refused(Reason.NO_NAME)
    region_code = text("region_code")
    if region_code and region_code not in REGIONS:
        raise Refused(Reason.UNKNOWN_REGION, region_code)
    inn, successor = text("inn"), text("successor_ogrn")
    return School(
        ogrn=_ogrn(text("ogrn"), Reason.WRONG_OGRN),
        inn=_inn(inn) if inn else None,
        kpp=text("kpp"),
        full_name=full_name,
        short_name=text("short_name", LONGEST_NAME),
        other_names=tuple(filter(None, (name.strip() for name in text("alt_names", 10 * LONGEST_NAME).split("|")))),
        kind=_word(SchoolKind, text("kind"), Reason.UNKNOWN_KIND),
        region_code=region_code,
        region=text("region") or REGIONS.get(region_code, ""),
        municipality=text("municipality"),
        settlement=text("settlement"),
        address=text("address"),
        state=_word(SchoolState, text("state") or SchoolState.ACTIVE, Reason.UNKNOWN_STATE),
        successor=_ogrn(successor, Reason.WRONG_SUCCESSOR) if successor else None,
        is_test=text("is_test") == "1",
    )


def _ogrn(text: str, reason: Reason) -> Ogrn:
    try:
        return Ogrn.parse(text)
    except PaperRefused as error:
        raise Refused(reason, text) from error


def _inn(text: str) -> Inn:
    try:
        return Inn.parse(text)
    except PaperRefused as error:
        raise Refused(Reason.WRONG_INN, text) from error


def _word(words: type[W], text: str, reason: Reason) -> W:
    try:
        return words(text)
    except ValueError as error:
        raise Refused(reason, text) from error
