"""Who sits at the desk."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Clerk:
    """«Сотрудник центра обслуживания»: a person with this role, as found after the check."""

    person_id: UUID
    centre: str
    """«МФЦ на Советской, 5», as people know it."""

    @property
    def actor(self) -> str:
        """As the journal names who did it."""
        return f"clerk:{self.person_id}"
