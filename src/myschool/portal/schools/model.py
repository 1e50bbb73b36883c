"""Schools as the directory knows them: one row per legal entity, known by its ОГРН. Pure: no SQL, no files.

    active ──reorganised──▶ reorganised (successor: another ОГРН)
       └────closed────────▶ liquidated

A row is never removed: members, requests and letters of past years point at it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from myschool.kit.agenda import Event
from myschool.papers.numbers import Inn, Ogrn


class SchoolKind(StrEnum):
    """«Вид организации»."""

    SCHOOL = "school"
    GYMNASIUM = "gymnasium"
    LYCEUM = "lyceum"
    BOARDING = "boarding"
    KINDERGARTEN = "kindergarten"
    ADDITIONAL = "additional"
    COLLEGE = "college"
    UNIVERSITY = "university"
    OTHER = "other"


# Organisations that have classes 1–11, so a pupil may ask to join them.
KINDS_WITH_CLASSES = frozenset({SchoolKind.SCHOOL, SchoolKind.GYMNASIUM, SchoolKind.LYCEUM, SchoolKind.BOARDING})


class SchoolState(StrEnum):
    """«Состояние юридического лица» as ЕГРЮЛ has it; what no register said is `active`."""

    ACTIVE = "active"
    REORGANISED = "reorganised"
    LIQUIDATED = "liquidated"


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """«Образовательная организация».

    `region_code` is the two digits of the subject of the federation. `other_names` are names it bears or bore beside
    the present one (branches, older names). `successor` is set for a reorganised school. `is_test` marks organisations
    that do not exist and are for trying things out.
    """

    ogrn: Ogrn
    inn: Inn | None = None
    kpp: str = ""
    full_name: str
    short_name: str = ""
    other_names: tuple[str, ...] = ()
    kind: SchoolKind = SchoolKind.OTHER
    region_code: str = ""
    region: str = ""
    municipality: str = ""
    settlement: str = ""
    address: str = ""
    state: SchoolState = SchoolState.ACTIVE
    successor: Ogrn | None = None
    is_connected: bool = False
    is_test: bool = False

    @property
    def shown_name(self) -> str:
        """The short name, or the full one where the register has no short one."""
        return self.short_name or self.full_name

    @property
    def takes_pupils(self) -> bool:
        return self.state is SchoolState.ACTIVE and self.kind in KINDS_WITH_CLASSES

    @property
    def place(self) -> str:
        """Settlement, district and region, without repeating one another: «г Тула, Тульская область»."""
        parts: list[str] = []
        for part in (self.settlement, self.municipality, self.region):
            if part and not any(part in known or known.endswith(f" {part}") for known in parts):
                parts.append(part)
        return ", ".join(parts)


class SchoolReorganised(Event, frozen=True, tag="schools.reorganised"):
    """A register says that the school was merged or divided; its members go on at `successor` where one is named."""

    ogrn: str
    successor: str


class SchoolLiquidated(Event, frozen=True, tag="schools.liquidated"):
    """A register says that the school is no more."""

    ogrn: str


class SchoolUnknown(Exception):
    """No organisation of this ОГРН stands in the directory."""

    def __init__(self, ogrn: str) -> None:
        super().__init__(ogrn)
        self.ogrn = ogrn


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to. Empty means no narrowing. `municipality` is compared without case and ё."""

    region_code: str = ""
    municipality: str = ""
    kinds: frozenset[SchoolKind] = field(default_factory=frozenset)

    @property
    def are_empty(self) -> bool:
        return not (self.region_code or self.municipality or self.kinds)


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Hints:
    """What the person told before; it breaks ties and never hides anything. `schools`: ОГРН of own schools, or of a
    brother's or sister's: they come first among equals, and their regions count like `region_code`.
    """

    region_code: str = ""
    schools: tuple[str, ...] = ()


NO_HINTS = Hints()
