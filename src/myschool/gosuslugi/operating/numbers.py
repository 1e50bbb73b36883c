"""Everything that the operator's page and the monitoring tell. Counts, ages and words of the domain; no identifiers."""

from datetime import datetime

import msgspec

from myschool.gosuslugi.checks.actions import CheckNumbers
from myschool.gosuslugi.family.actions.counting import GuardianshipCount


class Queue(msgspec.Struct, frozen=True):
    """One kind of work on the agenda in one state; `oldest` in seconds: how late, or how long dead."""

    kind: str
    state: str
    count: int
    failing: int
    oldest: float


class SecondLooks(msgspec.Struct, frozen=True):
    """«Ждут второго сотрудника» at one centre; `late`: longer than two working days."""

    centre: str
    waiting: int
    late: int


class Numbers(msgspec.Struct, frozen=True):
    """As counted at `taken_at`."""

    taken_at: datetime
    checks: CheckNumbers
    guardianships: tuple[GuardianshipCount, ...]
    queue: tuple[Queue, ...]
    second_looks: tuple[SecondLooks, ...] = ()
