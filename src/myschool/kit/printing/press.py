"""Makes the PDF of a sheet. Fonts are ours, the machine's own are not looked at: the paper is the same everywhere."""

import io
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import segno
import typst

from myschool.kit.printing.sheet import Code, Sheet

_HERE = Path(__file__).parent
_LOOK = (_HERE / "sheet.typ").read_bytes()
_UNDRAWN = re.compile(
    "[^ -~\u00a0-\u00ff\u0401-\u040c\u040e-\u044f\u0451-\u045c"
    "\u2011\u2013\u2014\u2018\u201c-\u201e\u2022\u2026\u20bd\u2116\u2212]"
)
"""What our font has no letter for. PDF/UA refuses a paper with a hole in it, so it is printed as «?»."""


def pdf(sheet: Sheet, now: datetime) -> bytes:
    """The same sheet at the same moment gives the same bytes."""
    said: dict[str, Any] = _drawable(
        {
            "title": sheet.title,
            "lead": sheet.lead,
            "foot": sheet.foot,
            "lang": sheet.lang,
            "parts": msgspec.to_builtins(sheet.parts),
            "on": [now.year, now.month, now.day],
        }
    )
    for part, shown in zip(sheet.parts, said["parts"], strict=True):
        if isinstance(part, Code):
            shown["picture"] = _picture(part.content)
    made = typst.compile(
        _LOOK,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"sheet": msgspec.json.encode(said).decode()},
        # ISO 14289-1: tagged, with a language, a title and words for every picture.
        pdf_standards="ua-1",
        timestamp=now.astimezone(UTC).replace(microsecond=0),
    )
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE / "fonts"])


def _drawable(value: Any) -> Any:
    match value:
        case str():
            return _UNDRAWN.sub("?", value)
        case dict():
            return {name: _drawable(one) for name, one in value.items()}
        case list() | tuple():
            return [_drawable(one) for one in value]
        case _:
            return value


def _picture(content: str) -> str:
    drawn = io.BytesIO()
    segno.make(content, error="m", micro=False).save(drawn, kind="svg", border=4, scale=8)
    return drawn.getvalue().decode()
