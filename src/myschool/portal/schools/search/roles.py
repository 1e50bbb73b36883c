"""What the words of a query say of one another: «р-н» marks its neighbour as a district, «питер» is said in full."""

from collections.abc import Iterator
from dataclasses import replace

from myschool.portal.schools.search.asked import Word
from myschool.portal.schools.search.tokens import is_bare_number, is_number, is_silent
from myschool.portal.schools.search.words import (
    ABBREVIATIONS,
    CALLED_SO,
    EVERYDAY,
    HOUSE_WORDS,
    MARKERS,
    Role,
    Side,
    legal_form,
)


def with_roles(words: list[Word]) -> list[Word]:
    """Markers give their neighbour a role and go; so do silent words and single letters."""
    roles: dict[int, Role] = {}
    houses: set[int] = set()
    street_seen = False
    for place, word in enumerate(words):
        if word.text in HOUSE_WORDS and place + 1 < len(words) and is_number(words[place + 1].text):
            houses.add(place + 1)
        mark = MARKERS.get(word.text)
        if mark is None:
            if street_seen and is_bare_number(word.text) and words[place - 1].text != "#":
                houses.add(place)
            continue
        role, side = mark
        neighbour = _neighbour(words, place, side)
        if neighbour is not None:
            roles.setdefault(neighbour, role)
        if role is Role.STREET:
            street_seen = True
    return [
        replace(word, role=roles.get(place, Role.ANY), is_house=place in houses)
        for place, word in enumerate(words)
        if word.text != "#" and (is_number(word.text) or not is_silent(word.text) or place in roles)
    ]


def _neighbour(words: list[Word], place: int, side: Side) -> int | None:
    """The place of the name that a marker speaks of."""
    after = place + 1 if place + 1 < len(words) and _may_be_a_name(words[place + 1].text) else None
    before = place - 1 if place > 0 and _may_be_a_name(words[place - 1].text) else None
    if side is Side.NEXT:
        return after
    if side is Side.BEFORE:
        return before
    # «Чеченская республика», «Ленинский проспект» against «республика Коми», «проспект Ленина».
    if before is not None and words[before].text.endswith(("ая", "ий", "ый", "ой")):
        return before
    return after if after is not None else before


def _may_be_a_name(text: str) -> bool:
    return not is_number(text) and text != "#" and len(text) > 1 and text not in MARKERS and text not in CALLED_SO


def spoken(words: list[Word]) -> Iterator[Word]:
    """Everyday names and legal forms said in full."""
    for word in words:
        if said := EVERYDAY.get(word.text):
            parts = [part for part in said.split() if not is_silent(part)]
            for part in parts:
                side_word = part == "санкт"
                yield replace(word, text=part, literal=word.text, share=0.1 if side_word else 1.0)
        elif said_legally := () if word.text in ABBREVIATIONS else legal_form(word.text):
            for part in said_legally:
                yield replace(word, text=part, literal=word.text, share=0.5)
        else:
            yield word
