"""Labelled pairs of a claim and a record of birth: one child with the defects of life, or two that look alike.

`people` makes families up from the frequencies of Russian names; `defects` spoils a claim as people and clerks do;
`strangers` puts claims beside the records of others. Everything follows from a seed.
"""

from dataclasses import dataclass

from myschool.papers.matching import Field, Particular

Particulars = dict[Field, Particular]


@dataclass(frozen=True, slots=True)
class Pair:
    """`record` has one version a parent. `kinds`: what is wrong with the claim, or the one word for who it is not."""

    claim: Particulars
    record: tuple[Particulars, ...]
    same: bool
    kinds: tuple[str, ...]
