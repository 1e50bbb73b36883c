"""A register is read line by line."""

import gzip
from pathlib import Path

import pytest

from myschool.portal.schools.importing import Damage, FileDamaged, Line, Reason, Refusal, opened, read_csv
from myschool.portal.schools.model import SchoolKind, SchoolState
from tests.portal.schools.rows import inn, ogrn

HEADER = "ogrn,inn,full_name,short_name,alt_names,kind,region_code,settlement,state,successor_ogrn\n"


def line(number: int, name: str = "Школа", **other: str) -> str:
    fields = {
        "ogrn": ogrn(number),
        "inn": inn(number),
        "full_name": name,
        "short_name": "",
        "alt_names": "",
        "kind": "school",
        "region_code": "71",
        "settlement": "г Тула",
        "state": "",
        "successor_ogrn": "",
    } | other
    return ",".join(f'"{value}"' if "," in value else value for value in fields.values()) + "\n"


def read(path: Path) -> list[Line | Refusal]:
    with opened(path) as source:
        return list(read_csv(source))


def written(folder: Path, text: str, *, packed: bool = False) -> Path:
    path = folder / "schools.csv"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_line_becomes_a_school(tmp_path: Path, packed: bool) -> None:
    """Plain or packed, with a byte order mark, the fields arrive where they belong and spaces are tidied."""
    names = {"alt_names": "Прежняя | Старая", "short_name": "СОШ 1"}
    text = "\ufeff" + HEADER + line(1, "  Школа   №\u00a01, «Радуга» ", **names)
    (only,) = read(written(tmp_path, text, packed=packed))
    assert isinstance(only, Line)
    school = only.school
    assert (only.number, school.full_name, school.short_name) == (2, "Школа № 1, «Радуга»", "СОШ 1")
    assert school.other_names == ("Прежняя", "Старая")
    assert (school.kind, school.region, school.settlement) == (SchoolKind.SCHOOL, "Тульская область", "г Тула")
    assert school.state is SchoolState.ACTIVE


def test_a_reorganised_school_names_its_successor(tmp_path: Path) -> None:
    """State and successor are read."""
    text = HEADER + line(1, state="reorganised", successor_ogrn=ogrn(2))
    (only,) = read(written(tmp_path, text))
    assert isinstance(only, Line)
    assert (only.school.state, only.school.successor) == (SchoolState.REORGANISED, only.school.successor)
    assert only.school.successor is not None
    assert only.school.successor.digits == ogrn(2)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"ogrn": "1027700000001"}, Reason.WRONG_OGRN),
        ({"ogrn": ""}, Reason.WRONG_OGRN),
        ({"inn": "7700000000"}, Reason.WRONG_INN),
        ({"full_name": "  "}, Reason.NO_NAME),
        ({"full_name": "ы" * 3_000}, Reason.TOO_LONG),
        ({"kind": "castle"}, Reason.UNKNOWN_KIND),
        ({"region_code": "00"}, Reason.UNKNOWN_REGION),
        ({"state": "asleep"}, Reason.UNKNOWN_STATE),
        ({"successor_ogrn": "1"}, Reason.WRONG_SUCCESSOR),
    ],
)
def test_a_bad_line_is_refused_with_its_reason(tmp_path: Path, fields: dict[str, str], reason: Reason) -> None:
    """The line number and the reason are told; the lines around it are taken."""
    text = HEADER + line(1) + line(2, **fields) + line(3)
    first, refused, last = read(written(tmp_path, text))
    assert isinstance(first, Line)
    assert isinstance(last, Line)
    assert isinstance(refused, Refusal)
    assert (refused.line, refused.reason) == (3, reason)
    assert len(refused.value) <= 80


def test_a_line_of_wrong_length_is_refused_in_the_middle(tmp_path: Path) -> None:
    """A line with too few columns is one refusal when others follow."""
    refused = read(written(tmp_path, HEADER + "1,2\n" + line(3)))[0]
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.WRONG_COLUMNS


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    """A name with a line break inside takes two lines of the file."""
    text = HEADER + line(1).replace("Школа", '"Школа\nдва"') + line(2)
    assert [found.number for found in read(written(tmp_path, text)) if isinstance(found, Line)] == [2, 4]


@pytest.mark.parametrize(
    ("content", "damage"),
    [
        (b"", Damage.EMPTY),
        (b"name,kind\nx,y\n", Damage.MISSING_COLUMNS),
        (HEADER.encode() + line(1).encode() + line(2).encode()[:40], Damage.BROKEN_OFF),
        (HEADER.encode() + line(1).encode() + b'1,"2', Damage.BROKEN_OFF),
        (HEADER.encode() + line(1).encode() + b"\xff\xfe\xfa", Damage.NOT_UTF8),
        (gzip.compress((HEADER + line(1) * 500).encode())[:-20], Damage.BROKEN_ARCHIVE),
        (b"\x1f\x8bnonsense", Damage.BROKEN_ARCHIVE),
    ],
)
def test_a_damaged_file_is_refused_as_a_whole(tmp_path: Path, content: bytes, damage: Damage) -> None:
    """A file that is cut off, packed badly or of another form says what is wrong with it."""
    path = tmp_path / "schools.csv"
    path.write_bytes(content)
    with pytest.raises(FileDamaged) as refused:
        read(path)
    assert refused.value.damage is damage


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """A missing file is a refusal of the same kind."""
    with pytest.raises(FileDamaged) as refused:
        read(tmp_path / "none.csv")
    assert refused.value.damage is Damage.NOT_FOUND


def test_the_position_tells_how_far_reading_has_come(tmp_path: Path) -> None:
    """Progress is told in bytes of the file on disk, packed or not."""
    path = written(tmp_path, HEADER + "".join(line(n) for n in range(3_000)), packed=True)
    with opened(path) as source:
        list(read_csv(source))
        assert source.position == source.size
