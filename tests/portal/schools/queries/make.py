"""Makes `second.jsonl`: queries by other rules than the public benchmark's, for schools that it does not ask for.

    python tests/portal/schools/queries/make.py TABLE.csv.gz PUBLIC.jsonl > tests/portal/schools/queries/second.jsonl

The rules imitate how people speak and slip: numbers in words, streets, people whose name a school bears, spelling by
ear, neighbouring keys, a passport's transliteration, words torn apart or glued, cities declined. They know nothing of
the search's own tables. Acceptable answers are told from the facts of the rows (kind, number, town, street, name)
compared letter by letter, never by the search. A query with more than five acceptable rows is dropped. The seed is
fixed: the same table gives the same file.
"""

import csv
import gzip
import json
import random
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

SEED = 20261123
WANTED_OF_A_KIND = 20
MOST_ACCEPTABLE = 5
FAMILIES = {"school": "школа", "gymnasium": "гимназия", "lyceum": "лицей", "boarding": "школа"}
ORDINALS = {
    "школа": "первая вторая третья четвёртая пятая шестая седьмая восьмая девятая десятая одиннадцатая двенадцатая",
    "гимназия": "первая вторая третья четвёртая пятая шестая седьмая восьмая девятая десятая одиннадцатая двенадцатая",
    "лицей": "первый второй третий четвёртый пятый шестой седьмой восьмой девятый десятый одиннадцатый двенадцатый",
}
BY_EAR = {"школа": "шкала", "гимназия": "гемназия", "лицей": "лецей"}
PASSPORT = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia".replace("-", "").split(" "),
        strict=True,
    )
)
KEYS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
LATIN = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")


@dataclass(frozen=True)
class Facts:
    """What a row says, as far as it is certain; empty where it is not."""

    ogrn: str
    inn: str
    family: str
    number: str
    town: str
    district: str
    region: str
    street: str
    honoured: str
    own_name: str


def plain(text: str) -> str:
    return " ".join(text.lower().replace("ё", "е").split())


def facts_of(row: dict[str, str]) -> Facts:
    name = row["full_name"]
    number = re.search(r"(?:№|N)\s*(\d{1,4})(?!\d|-|/)", name)
    street = re.search(r"ул(?:ица|\.)?\s+([А-ЯЁ][а-яё]{4,})(?![-а-яё])", row["address"])
    honoured = re.search(r"имени\s+(?:[А-ЯЁ]\.\s?){2}\s*([А-ЯЁ][а-яё]+)", name)
    quoted = re.findall(r"[«\"]([А-ЯЁ][а-яё]{3,}(?: [а-яё]{3,})?)[»\"]", name)
    town = re.sub(r"^(?:г|с|п|д|рп|пгт|ст-ца|х|аул)\.?\s+", "", row["settlement"])
    return Facts(
        row["ogrn"],
        row["inn"],
        FAMILIES.get(row["kind"], ""),
        number[1].lstrip("0") if number else "",
        plain(town),
        plain(re.sub(r"\s*(?:муниципальный )?район\s*", "", row["municipality"])),
        plain(row["region"].split(" — ")[0]),
        plain(street[1]) if street else "",
        plain(honoured[1]) if honoured else "",
        plain(quoted[-1]) if quoted and row["kind"] == "additional" else "",
    )


def same(one: Facts, other: Facts, *fields: str) -> bool:
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def declined(town: str) -> str:
    """«в Туле», «в Омске»; empty where the rule is not certain."""
    if " " in town or "-" in town:
        return ""
    if town.endswith(("ск", "град", "бург")):
        return f"{town}е"
    return f"{town[:-1]}е" if town.endswith("а") else ""


def by_ear(word: str, random_: random.Random) -> str:
    places = [place for place, letter in enumerate(word) if letter in "оеия" and 0 < place < len(word) - 1]
    if not places:
        return ""
    place = random_.choice(places)
    return word[:place] + {"о": "а", "е": "и", "и": "е", "я": "е"}[word[place]] + word[place + 1 :]


def by_neighbour(word: str, random_: random.Random) -> str:
    place = random_.randrange(1, len(word))
    for row in KEYS:
        at = row.find(word[place])
        if at >= 0:
            near = [row[next_] for next_ in (at - 1, at + 1) if 0 <= next_ < len(row)]
            return word[:place] + random_.choice(near) + word[place + 1 :]
    return word


def passport(text: str) -> str:
    return "".join(PASSPORT.get(letter, letter) for letter in text)


Rule = Callable[[Facts, random.Random], tuple[str, tuple[str, ...]] | None]
NUMBERED = ("family", "number", "town")


def numbered(rule: Callable[[Facts, random.Random], str]) -> Rule:
    """A rule for schools that are known by kind, number and town."""

    def applied(one: Facts, random_: random.Random) -> tuple[str, tuple[str, ...]] | None:
        if not (one.family and one.number and len(one.town) > 3):
            return None
        query = rule(one, random_)
        return (query, NUMBERED) if query else None

    return applied


def spoken(one: Facts, _: random.Random) -> str:
    words = ORDINALS[one.family].split()
    return f"{words[int(one.number) - 1]} {one.family} {one.town}" if int(one.number) <= len(words) else ""


def ordinal(one: Facts, random_: random.Random) -> str:
    ending = "й" if one.family == "лицей" else random_.choice(("я", "ая"))
    return f"{one.number}-{ending} {one.family} {one.town}"


def chatty(one: Facts, _: random.Random) -> str:
    where = declined(one.town)
    return f"подскажите пожалуйста где находится {one.family} номер {one.number} в {where}" if where else ""


def ear(one: Facts, random_: random.Random) -> str:
    heard = by_ear(one.town, random_)
    return f"{BY_EAR[one.family]} {one.number} {heard}" if heard and len(one.town) > 4 else ""


def neighbour(one: Facts, random_: random.Random) -> str:
    if len(one.town) < 5:
        return ""
    return f"{by_neighbour(one.family, random_)} {one.number} {by_neighbour(one.town, random_)}"


def doubled(one: Facts, random_: random.Random) -> str:
    place = random_.randrange(1, len(one.town))
    return f"{one.family} {one.number} {one.town[:place]}{one.town[place]}{one.town[place:]}"


def shouted(one: Facts, _: random.Random) -> str:
    return f"{one.family} {one.number} {one.town}".translate(LATIN).upper()


def foreign(one: Facts, _: random.Random) -> str:
    return passport(f"{one.family} {one.number} {one.town}")


def english(one: Facts, _: random.Random) -> str:
    word = {"школа": "school", "гимназия": "gymnasium", "лицей": "lyceum"}[one.family]
    return f"{word} no {one.number} {passport(one.town)}"


def torn(one: Facts, random_: random.Random) -> str:
    place = random_.randrange(3, len(one.family)) if len(one.family) > 5 else 3
    return f"{one.family[:place]} {one.family[place:]} {one.number} {one.town}"


def glued_through(one: Facts, _: random.Random) -> str:
    return f"{one.family}{one.number}{one.town}".replace(" ", "")


def punctuated(one: Facts, random_: random.Random) -> str:
    return random_.choice(("{0},№{1};{2}!!!", "{2} / {0} ({1})", "🏫 {0} №{1}, {2} ❓", "«{0}»-{1}... {2}")).format(
        one.family, one.number, one.town
    )


def dotted(one: Facts, random_: random.Random) -> str:
    if one.family != "школа":
        return ""
    return f"{random_.choice(('ср. шк.', 'сред. школа', 'ср школа', 'общеобр. школа'))} № {one.number} г.{one.town}"


def beginning(one: Facts, _: random.Random) -> str:
    return f"{one.family[:3]} {one.number} {one.town[:5]}" if len(one.town) > 7 else ""


def on_a_street(one: Facts, _: random.Random) -> tuple[str, tuple[str, ...]] | None:
    if not (one.family and one.street and one.town):
        return None
    return f"{one.family} на улице {one.street} {one.town}", ("family", "street", "town")


def honoured(one: Facts, _: random.Random) -> tuple[str, tuple[str, ...]] | None:
    if not (one.family and one.honoured and one.town):
        return None
    return f"{one.family} {one.honoured} {one.town}", ("family", "honoured", "town")


def by_own_name(one: Facts, _: random.Random) -> tuple[str, tuple[str, ...]] | None:
    return (f"{one.own_name} {one.town}", ("own_name", "town")) if one.own_name and one.town else None


def downwards(one: Facts, _: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """From the region down, as forms ask for it."""
    if not (one.family and one.district and one.town and one.region and one.district != one.town):
        return None
    fields = ("family", "number", "town", "district", "region")
    number = f" {one.number}" if one.number else ""
    return f"{one.region}, {one.district} р-н, {one.town}, {one.family}{number}", fields


def district(one: Facts, _: random.Random) -> tuple[str, tuple[str, ...]] | None:
    if not (one.family and one.number and one.district and one.town in ("москва", "санкт-петербург")):
        return None
    return f"{one.number} {one.family} {one.district}", ("family", "number", "district", "town")


def spaced_inn(one: Facts, _: random.Random) -> tuple[str, tuple[str, ...]] | None:
    return (f"инн: {one.inn[:4]} {one.inn[4:7]} {one.inn[7:]}", ("inn",)) if len(one.inn) == 10 else None


def cut_number(one: Facts, random_: random.Random) -> tuple[str, tuple[str, ...]] | None:
    return one.ogrn[: random_.choice((11, 12))], ("ogrn",)


RULES: dict[str, Rule] = {
    **{
        rule.__name__: numbered(rule)
        for rule in (
            spoken,
            ordinal,
            chatty,
            ear,
            neighbour,
            doubled,
            shouted,
            foreign,
            english,
            torn,
            glued_through,
            punctuated,
            dotted,
            beginning,
        )
    },
    "on_a_street": on_a_street,
    "honoured": honoured,
    "own_name": by_own_name,
    "downwards": downwards,
    "district": district,
    "spaced_inn": spaced_inn,
    "cut_number": cut_number,
}


def queries(rows: list[Facts], asked_before: set[str]) -> Iterable[dict[str, object]]:
    """Twenty of each kind where so many can be made; no school twice."""
    random_ = random.Random(SEED)
    used = set(asked_before)
    for kind, rule in RULES.items():
        made = 0
        for one in random_.sample(rows, len(rows)):
            if made == WANTED_OF_A_KIND:
                break
            if one.ogrn in used:
                continue
            found = rule(one, random_)
            if found is None:
                continue
            query, fields = found
            right = [other.ogrn for other in rows if other is not one and same(one, other, *fields)]
            if kind == "cut_number":
                right = [other.ogrn for other in rows if other is not one and other.ogrn.startswith(query)]
            if len(right) < MOST_ACCEPTABLE:
                used.add(one.ogrn)
                made += 1
                yield {"query": query, "kind": kind, "expected": [one.ogrn, *right]}


def main() -> None:
    table, public = map(Path, sys.argv[1:3])
    with gzip.open(table, "rt", encoding="utf-8") as lines:
        rows = [facts_of(row) for row in csv.DictReader(lines)]
    asked_before: set[str] = set()
    for line in public.read_text().splitlines():
        asked_before.update(json.loads(line)["expected"])
    for query in queries(rows, asked_before):
        print(json.dumps(query, ensure_ascii=False))


if __name__ == "__main__":
    main()
