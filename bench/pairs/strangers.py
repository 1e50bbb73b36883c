"""Claims beside the record of somebody else. The register found that record, so its number stands in the claim:
mistyped, picked up from the wrong folder, or read off a paper that was found. Nothing else would reach the verdict."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

from rapidfuzz.distance import OSA

from bench.pairs import Pair, Particulars
from bench.pairs import people as made_up
from bench.pairs.defects import claim_of, spoilt
from bench.pairs.people import Birth, grown_up
from myschool.papers.matching import Field, particulars_of_parent
from myschool.papers.names import FullName
from myschool.papers.spelling import same_variant

SPOILT = 0.5
"""Strangers mistype too."""

Two = tuple[Particulars, Birth]


def another_child(rng: random.Random) -> Two:
    return _with_papers_of(claim_of(rng, made_up.birth(rng)), made_up.birth(rng), rng)


def namesake(rng: random.Random) -> Two:
    """The same full name, another day, another family."""
    child, other = made_up.birth(rng), made_up.birth(rng)
    return _with_papers_of(claim_of(rng, child), replace(other, name=child.name, sex=child.sex), rng)


def namesake_of_the_same_day(rng: random.Random) -> Two:
    child, other = made_up.birth(rng), made_up.birth(rng)
    other = replace(other, name=child.name, sex=child.sex, born=child.born)
    return _with_papers_of(claim_of(rng, child), other, rng)


def twin(rng: random.Random) -> Two:
    """Born on one day; certificates and act records in a row."""
    child = made_up.birth(rng)
    sex = child.sex if rng.random() < 0.7 else ("F" if child.sex == "M" else "M")
    return _twins(rng, child, made_up.given(rng, sex), sex)


def twin_whose_name_rhymes(rng: random.Random) -> Two:
    """Алина and Арина, Рамиль and Камиль."""
    while True:
        child = made_up.birth(rng)
        if near := rhyming().get(child.name.given_name):
            return _twins(rng, child, rng.choice(near), child.sex)


def twin_with_a_rare_name(rng: random.Random) -> Two:
    """As above, and one of the names is not in the list that matching knows: reported beside, not in the sum."""
    while True:
        child = made_up.birth(rng)
        if near := rhyming("rare").get(child.name.given_name):
            return _twins(rng, child, rng.choice(near), child.sex)


def sibling(rng: random.Random) -> Two:
    child = made_up.birth(rng)
    born = child.born + timedelta(days=rng.randrange(300, 3000))
    name = replace(child.name, given_name=_another_name(rng, child))
    return _with_papers_of(claim_of(rng, child), made_up.papers(rng, replace(child, name=name, born=born)), rng)


def father_of_the_same_name(rng: random.Random) -> Two:
    """Сергей Сергеевич, son of Сергей Сергеевич: the record is of the father's own birth."""
    child = made_up.birth(rng)
    father = FullName(child.name.family_name, child.name.given_name, child.name.patronymic)
    child = replace(child, parents=((father, child.born - timedelta(days=9000)), *child.parents[1:]))
    own = replace(made_up.birth(rng), name=father, sex=child.sex, born=child.born - timedelta(days=9000))
    return _with_papers_of(child.claim(child.parents[0], with_act=rng.random() < 0.3), own, rng)


def _claimant(rng: random.Random, child: Birth, other: FullName, born: timedelta | None) -> Two:
    """All of the child is right, papers too; who claims him is somebody else."""
    _, birthday = child.parents[0]
    theirs = birthday + born if birthday and born is not None else made_up.birth_date_of_parent(rng, child.born)
    claim = claim_of(rng, child)
    claim.pop(Field.PARENT_BIRTH_DATE, None)
    return claim | particulars_of_parent(other, theirs), child


def a_stranger_with_the_papers(rng: random.Random) -> Two:
    child = made_up.birth(rng)
    return _claimant(rng, child, grown_up(rng, rng.choice("MF")), None)


def an_aunt(rng: random.Random) -> Two:
    """The mother's sister: surname and patronymic are hers, the name is another."""
    child = made_up.birth(rng)
    mother = child.parents[0][0]
    other = _other_than(rng, mother.given_name, "F")
    return _claimant(rng, child, replace(mother, given_name=other), timedelta(days=rng.randrange(300, 2000)))


def an_aunt_who_is_her_twin(rng: random.Random) -> Two:
    """And their names rhyme."""
    while True:
        child = made_up.birth(rng)
        mother = child.parents[0][0]
        if near := rhyming().get(mother.given_name):
            return _claimant(rng, child, replace(mother, given_name=rng.choice(near)), timedelta(0))


def a_woman_of_the_same_name(rng: random.Random) -> Two:
    """Name and patronymic of the mother, another surname: the father's new wife, or nobody at all."""
    child = made_up.birth(rng)
    mother = child.parents[0][0]
    days = rng.choice((-1, 1)) * rng.randrange(1, 4000)
    return _claimant(rng, child, replace(mother, family_name=made_up.surname(rng, "F")), timedelta(days=days))


def a_grandmother(rng: random.Random) -> Two:
    child = made_up.birth(rng)
    mother = child.parents[0][0]
    other = replace(grown_up(rng, "F"), family_name=mother.family_name)
    return _claimant(rng, child, other, timedelta(days=-rng.randrange(7000, 12000)))


KINDS: dict[str, Callable[[random.Random], Two]] = {
    "another child": another_child,
    "namesake": namesake,
    "namesake born on the same day": namesake_of_the_same_day,
    "twin": twin,
    "twin whose name rhymes": twin_whose_name_rhymes,
    "sibling": sibling,
    "father of the same name": father_of_the_same_name,
    "stranger with the papers": a_stranger_with_the_papers,
    "the mother's sister": an_aunt,
    "the mother's twin whose name rhymes": an_aunt_who_is_her_twin,
    "woman with the mother's name": a_woman_of_the_same_name,
    "grandmother": a_grandmother,
}


def other_child(rng: random.Random, kind: str, make: Callable[[random.Random], Two]) -> Pair:
    claim, record = make(rng)
    if rng.random() < SPOILT:
        spoiled, _ = spoilt(rng, claim)
        if rng.random() < 0.8:
            spoiled = spoiled | {Field.DOCUMENT: record.document}
        if not _says_the_same(spoiled, record):
            claim = spoiled
    return Pair(claim, record.record(), False, (kind,))


def _says_the_same(claim: Particulars, record: Birth) -> bool:
    """A slip of the twin may land on the other's very name; then nobody could tell, and the label would be wrong."""
    return any(
        all(_plain(claim[name]) == _plain(held[name]) for name in claim if name in held) for held in record.record()
    )


def _plain(value: object) -> str:
    return str(value).lower().replace("ё", "е")


def _with_papers_of(claim: Particulars, other: Birth, rng: random.Random) -> Two:
    """The number is the other's; the date of issue and the act record as often as not."""
    claim = claim | {Field.DOCUMENT: other.document}
    if rng.random() < 0.5:
        claim = claim | {Field.ISSUED_ON: other.issued}
        if Field.ACT_NUMBER in claim:
            claim = claim | {Field.ACT_NUMBER: other.act_number, Field.ACT_DATE: other.act_date}
    return claim, other


def _twins(rng: random.Random, child: Birth, name: str, sex: str) -> Two:
    if same_variant(name, child.name.given_name):
        return twin(rng)
    after = child.name.patronymic
    if sex != child.sex and after:
        after = after[:-2] + ("на" if sex == "F" else "ич") if after.endswith(("вич", "вна")) else after
    family = child.name.family_name if sex == child.sex else made_up.surname(rng, sex)
    head, number = child.document.rsplit(" ", 1)
    other = replace(
        child,
        name=FullName(family, name, after),
        sex=sex,
        document=f"{head} {(int(number) + 1) % 10**6:06d}",
        act_number=str(int(child.act_number) + 1),
    )
    return _with_papers_of(claim_of(rng, child), other, rng)


def _another_name(rng: random.Random, child: Birth) -> str:
    return _other_than(rng, child.name.given_name, child.sex)


def _other_than(rng: random.Random, name: str, sex: str) -> str:
    while True:
        other = made_up.given(rng, sex)
        if not same_variant(other, name):
            return other


@cache
def rhyming(what: str = "given") -> dict[str, tuple[str, ...]]:
    """Each known name with the names of the same sex one letter apart (known ones, or rare ones)."""
    found = {}
    for sex in ("m", "f"):
        others = made_up.table(what, sex).names
        for name in made_up.table("given", sex).names:
            near = (one for one in others if one != name and OSA.distance(one, name, score_cutoff=1) <= 1)
            if apart := tuple(one for one in near if not same_variant(one, name)):
                found[name] = apart
    return found
