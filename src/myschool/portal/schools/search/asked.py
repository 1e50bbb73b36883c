"""What a query is made of: words, and for each word the terms that answer it."""

from dataclasses import dataclass, field
from enum import StrEnum

from myschool.portal.schools.search.words import Role


class How(StrEnum):
    """How a word that was typed came to the term that answers it."""

    SAME = "same"
    BEGINNING = "beginning"
    ONE_SLIP = "one slip"
    TWO_SLIPS = "two slips"
    ABBREVIATION = "abbreviation"
    EVERYDAY = "everyday name"
    KIND = "kind"
    NUMBER_ELSEWHERE = "number elsewhere"


class Typed(StrEnum):
    """How a chunk of the query had to be read."""

    AS_IT_STANDS = "as it stands"
    LOOKALIKES = "look-alike letters"
    LAYOUT = "other keyboard layout"
    TRANSLITERATION = "transliteration"
    GLUED = "glued words"
    PARTED = "parted word"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the query. `instead` is what an everyday name stands for; `share` below 1 marks a side word of it."""

    text: str
    typed: Typed = Typed.AS_IT_STANDS
    role: Role = Role.ANY
    literal: str = ""
    share: float = 1.0
    is_house: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Terms low…high-1 answer with this quality: the word was cut."""

    low: int
    high: int
    quality: float


@dataclass(slots=True)
class Group:
    """One word and every term that answers it: term → (quality 0…1, how)."""

    word: Word
    ways: dict[int, tuple[float, How]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    weight: float = 0.0
    is_number: bool = False

    def add(self, term: int | None, quality: float, how: How) -> None:
        if term is not None and quality > self.ways.get(term, (0.0, How.SAME))[0]:
            self.ways[term] = (quality, how)

    @property
    def is_answerable(self) -> bool:
        return bool(self.ways or self.spans)


@dataclass(frozen=True, slots=True)
class Reading:
    """`digits`: identifiers (or beginnings of them) that stood in the query."""

    groups: tuple[Group, ...]
    digits: tuple[str, ...]
