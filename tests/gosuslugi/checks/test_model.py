"""The table of states, the weighing of evidence, the deadlines."""

from datetime import UTC, datetime, timedelta

import pytest

from myschool.gosuslugi.checks.model import (
    DECIDED,
    MOVES,
    OPEN,
    WAITING,
    Actor,
    CheckKind,
    CheckState,
    Claim,
    Compared,
    Nonsense,
    NoRecord,
    RegistryCheck,
    Verdict,
    due_at,
    ends_at,
    weigh,
)
from myschool.kit.ids import new_id
from myschool.papers.matching import Field, Finding, How
from tests.gosuslugi.checks.conftest import a_claim
from tests.gosuslugi.checks.registry_fake import agreeing


def test_every_state_has_a_row_and_only_open_ones_move() -> None:
    """Whatever is at an end stays there."""
    assert MOVES.keys() == set(CheckState)
    assert {state for state, moves in MOVES.items() if moves} == OPEN


@pytest.mark.parametrize("state", sorted(WAITING))
def test_every_waiting_state_has_a_deadline_and_somebody_who_acts(state: CheckState) -> None:
    """Nothing waits without a date, what follows then, and who is at work."""
    now = datetime(2026, 11, 25, 7, tzinfo=UTC)
    check = RegistryCheck(new_id(), CheckKind.SNILS, new_id(), 1, state, (), now, now, now, due_at(now), ends_at(now))
    waiting = check.waiting
    assert waiting is not None
    assert waiting.until is not None
    assert waiting.until > waiting.since
    assert waiting.who in (Actor.WE, Actor.REGISTRY)
    assert waiting.follows in (CheckState.OVERDUE, CheckState.EXPIRED)
    assert check.may_become(waiting.follows)


@pytest.mark.parametrize("state", sorted(DECIDED))
def test_a_decided_check_waits_for_nothing(state: CheckState) -> None:
    """A verdict ends the waiting."""
    now = datetime(2026, 11, 25, 7, tzinfo=UTC)
    check = RegistryCheck(new_id(), CheckKind.SNILS, new_id(), 1, state, (), now, now)
    assert check.waiting is None
    assert check.verdict is Verdict(state.value)


def test_the_promise_is_five_working_days_by_moscow_and_knows_holidays() -> None:
    """Asked on Thursday 29 October 2026: the 4th of November is a holiday, so the fifth working day is the 6th."""
    asked = datetime(2026, 10, 29, 20, 59, tzinfo=UTC)  # still 29 October in Moscow
    assert due_at(asked) == datetime(2026, 11, 6, 21, 0, tzinfo=UTC)
    assert ends_at(asked) - due_at(asked) > timedelta(days=20)


def test_when_everything_agrees_the_claim_is_confirmed() -> None:
    """A spelling with ё for е agrees."""
    claim = a_claim()
    assert weigh(claim, agreeing(claim)).verdict is Verdict.CONFIRMED
    assert weigh(claim, agreeing(claim, given_name=How.SAME_BUT_SPELLING)).verdict is Verdict.CONFIRMED


def test_a_slip_is_forgiven_and_kept() -> None:
    """Found under the number, and the parent agrees: confirmed, with the field that differs."""
    claim = a_claim()
    weighed = weigh(claim, agreeing(claim, family_name=How.CLOSE))
    assert (weighed.verdict, weighed.forgiven) == (Verdict.CONFIRMED, (Field.FAMILY_NAME,))


def test_a_record_found_otherwise_than_under_the_number_vouches_for_no_slip() -> None:
    """Then the certificate is one difference and the slip another."""
    claim = a_claim()
    said = agreeing(claim, family_name=How.CLOSE)
    weighed = weigh(claim, Compared((*said.findings, Finding(Field.DOCUMENT, How.DIFFERS))))
    assert weighed.differing == (Field.FAMILY_NAME, Field.DOCUMENT)


def test_a_contradiction_names_the_fields_in_order() -> None:
    """Which fields differ, and nothing of what the register holds."""
    claim = a_claim()
    weighed = weigh(claim, agreeing(claim, issued_on=How.DIFFERS, given_name=How.CLOSE))
    assert weighed.verdict is Verdict.CONTRADICTED
    assert weighed.differing == (Field.GIVEN_NAME, Field.ISSUED_ON)


def test_no_record_is_not_found() -> None:
    """The register holds nothing under this number."""
    assert weigh(a_claim(), NoRecord()).verdict is Verdict.NOT_FOUND


def findings_without(claim: Claim, *left_out: Field) -> Compared:
    return Compared(tuple(finding for finding in agreeing(claim).findings if finding.field not in left_out))


@pytest.mark.parametrize("needed", [Field.FAMILY_NAME, Field.GIVEN_NAME, Field.BIRTH_DATE])
def test_an_answer_that_does_not_compare_who_it_is_says_nothing(needed: Field) -> None:
    """Nobody is confirmed by a number alone."""
    with pytest.raises(Nonsense):
        weigh(a_claim(), findings_without(a_claim(), needed))


def test_a_record_that_does_not_name_the_parent_contradicts_the_parent() -> None:
    """Somebody else's certificate, found in the street, gives nobody a child."""
    claim = a_claim()
    silent = findings_without(claim, Field.PARENT_FAMILY_NAME, Field.PARENT_GIVEN_NAME, Field.PARENT_PATRONYMIC)
    weighed = weigh(claim, silent)
    assert weighed.verdict is Verdict.CONTRADICTED
    assert weighed.differing == (Field.PARENT_FAMILY_NAME, Field.PARENT_GIVEN_NAME)


def test_an_answer_about_a_field_that_was_not_asked_is_nonsense() -> None:
    """СНИЛС was not in the claim."""
    with pytest.raises(Nonsense):
        weigh(a_claim(), Compared((*agreeing(a_claim()).findings, Finding(Field.SNILS, How.EQUAL))))


def test_an_answer_that_says_a_field_twice_is_nonsense() -> None:
    """Once equal and once different: nobody chooses for the registry."""
    with pytest.raises(Nonsense):
        weigh(a_claim(), Compared((*agreeing(a_claim()).findings, Finding(Field.GIVEN_NAME, How.DIFFERS))))


def test_a_claim_shows_nothing_of_itself() -> None:
    """Not in logs, not in errors."""
    assert "Мария" not in f"{a_claim()!r} {a_claim()}"
