"""Forms that keep what was typed: each field is parsed by the domain, each refusal is a sentence at the field."""

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")

Wrong = str | Callable[[Exception], str]
"""The sentence for a refused field; a function when it depends on what the domain found."""


class Typed(dict[str, str]):
    """What was typed, by field; a field nobody filled in is the empty text."""

    def __missing__(self, name: str) -> str:
        return ""


class Form:
    """What was typed and what is wrong with it. Templates read `typed`, `errors` and `once`."""

    def __init__(self, typed: Mapping[str, str] | None = None, *, once: str | None = None) -> None:
        self.typed = Typed(typed or {})
        self.errors: dict[str, str] = {}
        self.once = self.typed["once"] or once

    def take(self, name: str, parse: Callable[[str], T], *, missing: str, wrong: Wrong) -> T | None:
        """The parsed value, or None with the sentence noted. `parse` refuses by ValueError."""
        text = self.typed[name].strip()
        if not text:
            self.refuse(name, missing)
            return None
        return self._parsed(name, text, parse, wrong)

    def take_optional(self, name: str, parse: Callable[[str], T], *, wrong: Wrong) -> T | None:
        text = self.typed[name].strip()
        return self._parsed(name, text, parse, wrong) if text else None

    def take_choice(self, name: str, options: Mapping[str, T], *, missing: str) -> T | None:
        chosen = self.typed[name]
        if chosen not in options:
            self.refuse(name, missing)
            return None
        return options[chosen]

    def _parsed(self, name: str, text: str, parse: Callable[[str], T], wrong: Wrong) -> T | None:
        try:
            return parse(text)
        except ValueError as error:
            self.refuse(name, wrong if isinstance(wrong, str) else wrong(error))
            return None

    def refuse(self, name: str, sentence: str) -> None:
        """The first refusal of a field stands."""
        self.errors.setdefault(name, sentence)

    def show(self, name: str, normalised: str) -> None:
        """Shows a silently repaired value in its normal form."""
        self.typed[name] = normalised
