"""Who runs the portal."""

from dataclasses import dataclass
from uuid import UUID


class NotOperator(Exception):
    """The person does not run the portal."""


@dataclass(frozen=True)
class Operator:
    """«Оператор портала»: who holds this value was checked to be one."""

    person_id: UUID
