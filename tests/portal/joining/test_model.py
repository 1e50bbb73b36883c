"""What may follow what, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from uuid import uuid4

import pytest

from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Ogrn
from myschool.portal.joining.model import (
    MOVES,
    OPEN,
    Decision,
    JoinRequest,
    NotAllowed,
    RequestAlreadyDecided,
    RequestState,
    Wish,
    deadline_from,
    new_number,
)
from myschool.portal.roll.model import AcademicYear, SchoolClass

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
REQUEST = JoinRequest(
    id=uuid4(),
    number="26-4DFG-7QRS",
    person_id=uuid4(),
    filed_by=uuid4(),
    wish=Wish(Ogrn("1022402060328"), SchoolClass(8, "Б"), AcademicYear(2026)),
    state=RequestState.SUBMITTED,
    submitted_at=NOW,
    deadline=deadline_from(NOW),
)


@pytest.mark.parametrize(("before", "after"), list(product(RequestState, RequestState)))
def test_only_the_moves_of_the_table_are_possible(before: RequestState, after: RequestState) -> None:
    """Each pair of states is either in the table or refused with a noun."""
    decided = Decision(before, uuid4(), NOW) if before in (RequestState.APPROVED, RequestState.DECLINED) else None
    request = replace(REQUEST, state=before, decision=decided)
    if after in MOVES[before]:
        request.check_move(after)
        return
    with pytest.raises(RequestAlreadyDecided if decided else NotAllowed):
        request.check_move(after)


def test_every_open_state_can_be_decided_and_withdrawn() -> None:
    """Nobody is ever stuck: from each open state the school can approve and decline, the family can withdraw."""
    for state in OPEN:
        assert {RequestState.APPROVED, RequestState.DECLINED, RequestState.WITHDRAWN} <= MOVES[state]


def test_closed_states_lead_nowhere() -> None:
    """A decided or withdrawn request is never opened again; the family sends a new one."""
    assert all(not MOVES[state] for state in RequestState if state not in OPEN)


@pytest.mark.parametrize(
    ("sent", "until"),
    [
        (datetime(2026, 9, 1, 7, 0, tzinfo=UTC), date(2026, 9, 4)),
        (datetime(2026, 9, 4, 7, 0, tzinfo=UTC), date(2026, 9, 9)),
        (datetime(2026, 9, 3, 22, 30, tzinfo=UTC), date(2026, 9, 9)),
    ],
)
def test_the_school_has_three_working_days(sent: datetime, until: date) -> None:
    """Weekends do not count, and the day is Moscow's: after 21:00 UTC it is the next one there."""
    assert deadline_from(sent).astimezone(MOSCOW).date() == until


def test_numbers_are_read_aloud() -> None:
    """No character of a number is mistaken for another one."""
    numbers = {new_number(date(2026, 9, 1)) for _ in range(200)}
    assert len(numbers) == 200
    assert all(not set(number) & set("01OILBEHKMPTXYAC") for number in numbers)
