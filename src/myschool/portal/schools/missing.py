"""«Моей школы нет в списке»: what a person tells of a school that he did not find, and what the operator answers. Pure.

    open ──found───▶ found     the school stands in the list under another name
      ├────added───▶ added     it was missing and stands there now
      └────refused─▶ refused   there is no such school, or it is no school

One answer, once; it goes out by letter.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from myschool.kit.ids import readable_code
from myschool.papers.numbers import Ogrn

LONGEST_NAME = 300
LONGEST_WORDS = 1_000


class MissingState(StrEnum):
    OPEN = "open"
    FOUND = "found"
    ADDED = "added"
    REFUSED = "refused"


ANSWERS = (MissingState.FOUND, MissingState.ADDED, MissingState.REFUSED)
_WITH_SCHOOL = frozenset({MissingState.FOUND, MissingState.ADDED})


class MissingError(Exception):
    pass


class UnknownMissing(MissingError):
    """No such message."""


class MissingAlreadyAnswered(MissingError):
    """Another operator was quicker."""

    def __init__(self, missing: "MissingSchool") -> None:
        super().__init__(missing.number)
        self.missing = missing


class AnswerIncomplete(MissingError):
    """«Found» and «added» name the school; «refused» gives a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingSchool:
    """«Сообщение о школе, которой нет в списке». `asked` is what was typed into the search before."""

    id: UUID
    number: str
    name: str = field(repr=False)
    settlement: str = field(repr=False)
    region_code: str = ""
    note: str = field(default="", repr=False)
    asked: str = field(default="", repr=False)
    state: MissingState = MissingState.OPEN
    created_at: datetime
    school: Ogrn | None = None
    words: str = field(default="", repr=False)
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the operator says. Raises AnswerIncomplete when it could not be a letter."""

    state: MissingState
    school: Ogrn | None = None
    words: str = ""

    def __post_init__(self) -> None:
        complete = self.school is not None if self.state in _WITH_SCHOOL else bool(self.words)
        if self.state is MissingState.OPEN or not complete:
            raise AnswerIncomplete


def new_number(today: date) -> str:
    """`Ш26-4DFG-7QRS`: what people read aloud; «Ш» tells it from a request to join."""
    return f"Ш{today:%y}-{readable_code(4)}-{readable_code(4)}"
