"""Who keeps the house running."""

from dataclasses import dataclass
from uuid import UUID

from myschool.kit.agenda import Event


@dataclass(frozen=True)
class Operator:
    """«Оператор Госуслуг»: who holds this value was checked to be one."""

    person_id: UUID

    @property
    def actor(self) -> str:
        """As the journal names who did it."""
        return f"operator:{self.person_id}"


class NumbersDue(Event, frozen=True, kw_only=True, tag="operating.numbers_due"):
    """Somebody looked at numbers that are no longer fresh."""
