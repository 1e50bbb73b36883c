"""What a clerk read in the papers beside what the parent typed into the card."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from myschool.gosuslugi.family.model import Card
from myschool.gosuslugi.family.papers_model import Paper, SeenPaper
from myschool.gosuslugi.people.model import Document
from myschool.papers.certificates import BirthCertificate
from myschool.papers.dates import short_date
from myschool.papers.names import FullName, comparable_name
from myschool.papers.numbers import PassportNumber, Snils


class Point(StrEnum):
    """What is compared."""

    PASSPORT = "passport"
    FACE = "face"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    PATRONYMIC = "patronymic"
    BIRTH_DATE = "birth_date"
    CERTIFICATE = "certificate"
    ISSUED_ON = "issued_on"
    SNILS = "snils"


@dataclass(frozen=True)
class Order:
    """A paper of a court or a guardianship body, of the kind that the relation needs."""

    paper: Paper
    number: str = field(repr=False)
    issued_on: date = field(repr=False)
    issued_by: str = field(repr=False)
    until: date | None = None


@dataclass(frozen=True)
class Read:
    """What the papers say. `order` is None where the relation needs none."""

    passport: PassportNumber
    passport_issued_on: date = field(repr=False)
    passport_issued_by: str = field(repr=False)
    face_matches: bool
    name: FullName
    birth_date: date = field(repr=False)
    certificate: BirthCertificate
    snils: Snils
    order: Order | None = None

    def papers(self) -> Iterator[SeenPaper]:
        """As they are kept: kind, number, date, issued by."""
        yield SeenPaper(
            Paper.APPLICANT_PASSPORT, self.passport.digits, self.passport_issued_on, self.passport_issued_by
        )
        paper = self.certificate
        yield SeenPaper(Paper.BIRTH_CERTIFICATE, paper.formatted(), paper.issued_on, paper.issued_by)
        yield SeenPaper(Paper.CHILD_SNILS, self.snils.digits)
        if self.order is not None:
            yield SeenPaper(self.order.paper, self.order.number, self.order.issued_on, self.order.issued_by)


@dataclass(frozen=True)
class Compared:
    """One point, as read and as the card has it, in words."""

    point: Point
    read: str = field(repr=False)
    said: str = field(repr=False)
    agrees: bool


def compare(read: Read, card: Card, passport: Document | None) -> list[Compared]:
    """Names agree whatever ё, case and hyphens; numbers and dates to the letter."""
    held = PassportNumber(passport.series, passport.number).formatted() if passport else "нет"
    shown = read.passport.formatted()
    return [
        Compared(Point.PASSPORT, shown, held, shown == held),
        Compared(Point.FACE, "похож" if read.face_matches else "не отмечено", "", read.face_matches),
        *_names(read.name, card.name),
        _dates(Point.BIRTH_DATE, read.birth_date, card.birth_date),
        Compared(
            Point.CERTIFICATE,
            read.certificate.formatted(),
            card.certificate.formatted(),
            read.certificate.key() == card.certificate.key(),
        ),
        _dates(Point.ISSUED_ON, read.certificate.issued_on, card.issued_on),
        Compared(Point.SNILS, read.snils.formatted(), card.snils.formatted(), read.snils.digits == card.snils.digits),
    ]


def agree(compared: Sequence[Compared]) -> bool:
    return all(one.agrees for one in compared)


def _names(read: FullName, said: FullName) -> Iterator[Compared]:
    pairs = (
        (Point.FAMILY_NAME, read.family_name, said.family_name),
        (Point.GIVEN_NAME, read.given_name, said.given_name),
        (Point.PATRONYMIC, read.patronymic or "", said.patronymic or ""),
    )
    for point, one, other in pairs:
        yield Compared(point, one or "нет", other or "нет", comparable_name(one) == comparable_name(other))


def _dates(point: Point, one: date, other: date) -> Compared:
    return Compared(point, short_date(one), short_date(other), one == other)
