"""What a printed paper is made of. Every word is text, never markup: what people typed cannot draw anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    text: str


class Text(msgspec.Struct, frozen=True, tag="text"):
    text: str
    strong: bool = False


class Items(msgspec.Struct, frozen=True, tag="items"):
    """A list to tick off with a pen: each line has an empty box."""

    items: Sequence[str]


class Steps(msgspec.Struct, frozen=True, tag="steps"):
    items: Sequence[str]


class Rows(msgspec.Struct, frozen=True, tag="rows"):
    """Names and values."""

    rows: Sequence[tuple[str, str]]


class Number(msgspec.Struct, frozen=True, tag="number"):
    """Said aloud at a counter, so it is printed large. `spoken` says how it is read out."""

    label: str
    value: str
    spoken: str = ""


class Code(msgspec.Struct, frozen=True, tag="code"):
    """A QR code of `content`; `alt` is read instead of the picture, `caption` stands beside it."""

    content: str
    alt: str
    caption: str = ""


Part = Heading | Text | Items | Steps | Rows | Number | Code


@dataclass(frozen=True)
class Sheet:
    """`foot` stands at the end of every page."""

    title: str
    parts: Sequence[Part] = field(repr=False)
    lead: str = ""
    foot: str = ""
    lang: str = "ru"


def plain_name(text: str) -> str:
    """A file's name that every system takes: Latin letters, digits, hyphens."""
    return "".join(one for one in text if one.isascii() and (one.isalnum() or one == "-")) or "sheet"
