"""A child in the family, as the guardian sees it."""

from dataclasses import dataclass

from myschool.portal.people.model import Person, ToldChild


@dataclass(frozen=True)
class Child:
    """«Ребёнок». `person` is None until the child has signed in here himself."""

    told: ToldChild
    person: Person | None
