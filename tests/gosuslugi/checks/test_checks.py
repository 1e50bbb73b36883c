"""Sent once, decided once, whatever comes and however often."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from myschool.gosuslugi.checks import actions, sending, store
from myschool.gosuslugi.checks.answers import Outcome
from myschool.gosuslugi.checks.gateway import Accepted
from myschool.gosuslugi.checks.model import (
    CheckDeadline,
    CheckState,
    Compared,
    MoveRefused,
    NoSuchCheck,
    RegistryCheck,
    Verdict,
)
from myschool.kit import agenda, clock
from myschool.kit.ids import new_id
from myschool.papers.matching import Field, How
from tests.gosuslugi.checks.conftest import KIND, Desk, a_claim
from tests.gosuslugi.checks.registry_fake import NOTHING, agreeing, reference_of


async def accepted(desk: Desk, subject: UUID) -> RegistryCheck:
    """Asked, and the registry has it."""
    check = await desk.ask(a_claim(), subject)
    await desk.work()
    return await desk.look(check)


async def test_a_question_reaches_the_registry_and_waits_there(desk: Desk, subject: UUID) -> None:
    """From the person's press to the registry's receipt."""
    asked = await desk.ask(a_claim(), subject)
    assert asked.state is CheckState.SENT
    await desk.work()
    checking = await desk.look(asked)
    assert checking.state is CheckState.CHECKING
    assert checking.reference == reference_of(asked.id)
    assert [event.state for event in desk.moved] == [CheckState.CHECKING]


async def test_the_same_question_asked_again_is_the_same_check(desk: Desk, subject: UUID) -> None:
    """A form pressed twice asks once."""
    first = await desk.ask(a_claim(), subject)
    again = await desk.ask(a_claim(), subject)
    await desk.work()
    third = await desk.ask(a_claim(), subject)
    await desk.work()
    assert first.id == again.id == third.id
    assert desk.registry.asked == 1


async def test_a_form_pressed_twice_at_once_asks_once(desk: Desk, subject: UUID) -> None:
    """Six presses in six transactions side by side."""
    made = await asyncio.gather(*(desk.ask(a_claim(), subject) for _ in range(6)))
    await desk.work()
    assert len({check.id for check in made}) == 1
    assert desk.registry.asked == 1


async def test_two_different_corrections_at_once_leave_one_open_question(desk: Desk, subject: UUID) -> None:
    """Two tabs with two different names: each revision has its number, the newest alone is open."""
    names = ["Мария", "Марья", "Марина", "Маша"]
    made = await asyncio.gather(*(desk.ask(a_claim(name), subject) for name in names))
    looked = [await desk.look(check) for check in made]
    assert sorted(check.revision for check in looked) == [1, 2, 3, 4]
    assert [check.state for check in sorted(looked, key=lambda check: check.revision)] == [
        *[CheckState.SUPERSEDED] * 3,
        CheckState.SENT,
    ]


async def test_an_answer_decides_and_is_told_once(desk: Desk, subject: UUID) -> None:
    """Pushed three times, fetched besides: one decision, one event."""
    check = await accepted(desk, subject)
    answer = desk.registry.decide(check.id, agreeing(a_claim()))
    assert [await desk.take(answer) for _ in range(3)] == [Outcome.DECIDED, Outcome.REPEATED, Outcome.REPEATED]
    await desk.pass_time(timedelta(days=1))
    assert (await desk.look(check)).state is CheckState.CONFIRMED
    assert [(event.check_id, event.subject_id, event.verdict) for event in desk.decided] == [
        (check.id, subject, Verdict.CONFIRMED)
    ]


async def test_an_answer_pushed_many_times_at_once_decides_once(desk: Desk, subject: UUID) -> None:
    """Six copies in six transactions."""
    check = await accepted(desk, subject)
    answer = desk.registry.decide(check.id, agreeing(a_claim()))
    outcomes = await asyncio.gather(*(desk.take(answer) for _ in range(6)))
    await desk.work()
    assert sorted(outcomes) == sorted([Outcome.DECIDED, *[Outcome.REPEATED] * 5])
    assert len(desk.decided) == 1


async def test_an_answer_that_reached_nobody_is_found_at_the_deadline(desk: Desk, subject: UUID) -> None:
    """Neither pushed nor in the queue: the question itself is looked at before it counts as late."""
    check = await accepted(desk, subject)
    desk.registry.decide(check.id, NOTHING)
    await desk.pass_time(timedelta(days=7))
    assert (await desk.look(check)).state is CheckState.CHECKING
    await desk.pass_time(timedelta(days=1))
    assert (await desk.look(check)).state is CheckState.NOT_FOUND
    assert [event.verdict for event in desk.decided] == [Verdict.NOT_FOUND]
    assert CheckState.OVERDUE not in [event.state for event in desk.moved]


async def test_a_push_that_overtakes_the_receipt_counts(desk: Desk, subject: UUID) -> None:
    """The worker died between the question and its own note of it; the answer came meanwhile."""
    check = await desk.ask(a_claim(), subject)
    await desk.registry.ask(check.id, KIND, a_claim())
    assert await desk.take(desk.registry.decide(check.id, agreeing(a_claim()))) is Outcome.DECIDED
    await desk.work()
    assert (await desk.look(check)).state is CheckState.CONFIRMED
    assert desk.registry.asked == 1, "what is decided is not asked any more"


async def test_a_worker_that_died_after_asking_asks_the_same_request_again(desk: Desk, subject: UUID) -> None:
    """The registry sees one request, by its number."""
    check = await desk.ask(a_claim(), subject)
    await desk.registry.ask(check.id, KIND, a_claim())  # it asked, and was killed before it noted that
    await desk.work()
    assert desk.registry.asked == 2
    assert list(desk.registry.taken) == [check.id]


async def test_the_second_answer_that_says_otherwise_changes_nothing(desk: Desk, subject: UUID) -> None:
    """The first one stands and an operator hears of the other."""
    check = await accepted(desk, subject)
    await desk.take(desk.registry.decide(check.id, agreeing(a_claim())))
    contrary = desk.registry.decide(check.id, NOTHING)
    assert await desk.take(contrary) is Outcome.CONTRARY
    await desk.work()
    assert (await desk.look(check)).state is CheckState.CONFIRMED
    assert len(desk.decided) == 1


async def test_a_late_answer_to_a_corrected_question_does_not_count(desk: Desk, subject: UUID) -> None:
    """The mother mended the name; what the registry says of the old one is past."""
    old = await accepted(desk, subject)
    new = await desk.ask(a_claim("Марья"), subject)
    late = desk.registry.decide(old.id, agreeing(a_claim()))
    assert await desk.take(late) is Outcome.SUPERSEDED
    await desk.work()
    assert (await desk.look(old)).state is CheckState.SUPERSEDED
    assert (await desk.look(new)).state is CheckState.CHECKING
    assert desk.decided == []


async def test_a_corrected_question_that_never_left_is_not_sent(desk: Desk, subject: UUID) -> None:
    """Corrected before the worker came by: the registry sees the new one only."""
    await desk.ask(a_claim(), subject)
    new = await desk.ask(a_claim("Марья"), subject)
    await desk.work()
    assert list(desk.registry.taken) == [new.id]


async def test_after_a_contradiction_the_same_claim_may_be_sent_again(desk: Desk, subject: UUID) -> None:
    """The register may have been mended meanwhile: a new revision with the same words."""
    first = await accepted(desk, subject)
    await desk.take(desk.registry.decide(first.id, agreeing(a_claim(), given_name=How.DIFFERS)))
    assert (await desk.look(first)).differing == (Field.GIVEN_NAME,)
    second = await desk.ask(a_claim(), subject)
    assert (second.revision, second.state) == (2, CheckState.SENT)
    assert (await desk.look(first)).state is CheckState.CONTRADICTED


async def test_a_confirmed_claim_is_not_asked_again(desk: Desk, subject: UUID) -> None:
    """Browser Back and Send: the check is what it was."""
    check = await accepted(desk, subject)
    await desk.take(desk.registry.decide(check.id, agreeing(a_claim())))
    assert (await desk.ask(a_claim(), subject)).id == check.id
    await desk.work()
    assert desk.registry.asked == 1


async def test_an_answer_for_another_child_decides_nothing(desk: Desk, subject: UUID) -> None:
    """Another child's answer under our number bears another reference."""
    mine, other = await accepted(desk, subject), await accepted(desk, new_id())
    foreign = replace(desk.registry.decide(other.id, agreeing(a_claim())), request_id=mine.id)
    assert await desk.take(foreign) is Outcome.FOREIGN
    assert (await desk.look(mine)).state is CheckState.CHECKING


async def test_an_answer_nobody_asked_for_decides_nothing(desk: Desk, subject: UUID) -> None:
    """A number that is not ours, and a draft that was never sent."""
    claim = a_claim()
    draft = await desk.db.run(lambda tx: actions.prepare(tx, desk.vault, KIND, subject, claim, clock.now()))
    for request_id in (new_id(), draft.id):
        assert await desk.take(desk.registry.decide(request_id, agreeing(claim))) is Outcome.NOT_ASKED
    assert (await desk.look(draft)).state is CheckState.DRAFT


async def test_nonsense_decides_nothing_and_the_check_waits_on(desk: Desk, subject: UUID) -> None:
    """No field compared at all; what comes later counts."""
    check = await accepted(desk, subject)
    assert await desk.take(desk.registry.decide(check.id, Compared(()))) is Outcome.NONSENSE
    await desk.pass_time(timedelta(hours=3))
    assert (await desk.look(check)).state is CheckState.CHECKING
    assert await desk.take(desk.registry.decide(check.id, agreeing(a_claim()))) is Outcome.DECIDED


async def test_a_silent_registry_is_asked_until_it_answers(desk: Desk, subject: UUID) -> None:
    """Three hours away; the person sees that we try, and then that it checks."""
    desk.registry.away = True
    check = await accepted(desk, subject)
    assert check.state is CheckState.UNAVAILABLE
    await desk.pass_time(timedelta(hours=3))
    desk.registry.away = False
    await desk.pass_time(timedelta(hours=2))
    assert (await desk.look(check)).state is CheckState.CHECKING
    assert [event.state for event in desk.moved] == [CheckState.UNAVAILABLE, CheckState.CHECKING]
    assert list(desk.registry.taken) == [check.id]


async def test_a_registry_that_lost_the_question_gets_it_again(desk: Desk, subject: UUID) -> None:
    """Its reference is unknown when the time is over: same request, asked anew; an answer counts to the hard end."""
    check = await accepted(desk, subject)
    desk.registry.taken.clear()
    await desk.pass_time(timedelta(days=8))
    await desk.work()
    assert list(desk.registry.taken) == [check.id]
    assert (await desk.look(check)).state is CheckState.OVERDUE
    assert await desk.take(desk.registry.decide(check.id, agreeing(a_claim()))) is Outcome.DECIDED


async def test_six_days_of_silence_make_it_overdue_and_an_answer_still_counts(desk: Desk, subject: UUID) -> None:
    """Asked on Wednesday the 25th: overdue when Wednesday 2 December is over, decided on the 9th."""
    check = await accepted(desk, subject)
    await desk.pass_time(timedelta(days=7, hours=13, minutes=59))
    assert (await desk.look(check)).state is CheckState.CHECKING
    await desk.pass_time(timedelta(minutes=2))
    assert (await desk.look(check)).state is CheckState.OVERDUE
    await desk.pass_time(timedelta(days=7))
    assert await desk.take(desk.registry.decide(check.id, agreeing(a_claim()))) is Outcome.DECIDED


async def test_after_thirty_days_the_check_ends_and_no_answer_counts(desk: Desk, subject: UUID) -> None:
    """Nobody waits for ever."""
    check = await accepted(desk, subject)
    await desk.pass_time(timedelta(days=31))
    assert (await desk.look(check)).state is CheckState.EXPIRED
    assert await desk.take(desk.registry.decide(check.id, agreeing(a_claim()))) is Outcome.TOO_LATE
    assert desk.moved[-1].state is CheckState.EXPIRED
    assert desk.decided == []


async def test_at_the_hard_end_an_answer_is_too_late_even_before_the_timer(desk: Desk, subject: UUID) -> None:
    """The worker sleeps; the end is the end."""
    check = await accepted(desk, subject)
    desk.clock.advance(timedelta(days=31))
    assert await desk.take(desk.registry.decide(check.id, agreeing(a_claim()))) is Outcome.TOO_LATE


async def test_a_draft_is_sent_once_and_what_is_decided_not_at_all(desk: Desk, subject: UUID) -> None:
    """`send` pressed again is no second question."""
    claim = a_claim()
    draft = await desk.db.run(lambda tx: actions.prepare(tx, desk.vault, KIND, subject, claim, clock.now()))
    await desk.work()
    assert desk.registry.asked == 0
    for _ in range(2):
        sent = await desk.db.run(lambda tx: actions.send(tx, draft.id, clock.now()))
        assert sent.state is CheckState.SENT
    await desk.work()
    assert desk.registry.asked == 1


async def test_what_is_withdrawn_is_neither_sent_nor_decided(desk: Desk, subject: UUID) -> None:
    """The card was deleted before the worker came by."""
    check = await desk.ask(a_claim(), subject)
    await desk.db.run(lambda tx: actions.withdraw(tx, KIND, subject, clock.now()))
    await desk.work()
    assert desk.registry.asked == 0
    with pytest.raises(MoveRefused):
        await desk.db.run(lambda tx: actions.send(tx, check.id, clock.now()))


async def test_the_end_of_a_check_takes_its_timers_off_the_agenda(desk: Desk, subject: UUID) -> None:
    """A million decided checks leave no million timers."""
    check = await accepted(desk, subject)
    await desk.take(desk.registry.decide(check.id, agreeing(a_claim())))
    await desk.pass_time(timedelta(hours=5))
    async with desk.db.transaction() as tx:
        assert [one.kind for one in await agenda.counts(tx)] == ["checks.queue"]
    assert (await desk.look(check)).state is CheckState.CONFIRMED


async def test_a_corrected_check_takes_its_timers_off_the_agenda(desk: Desk, subject: UUID) -> None:
    """Whoever corrects ten times leaves one pair of timers."""
    await accepted(desk, subject)
    await desk.db.run(lambda tx: actions.withdraw(tx, KIND, subject, clock.now()))
    await desk.pass_time(timedelta(hours=5))
    async with desk.db.transaction() as tx:
        assert [one.kind for one in await agenda.counts(tx)] == ["checks.queue"]


async def test_a_receipt_that_comes_after_the_decision_changes_nothing(desk: Desk, subject: UUID) -> None:
    """Two workers asked; the slower notes its receipt last."""
    check = await accepted(desk, subject)
    await desk.take(desk.registry.decide(check.id, agreeing(a_claim())))
    await desk.db.run(lambda tx: sending.note_sending(tx, check.id, Accepted("R-other"), clock.now()))
    assert (await desk.look(check)).state is CheckState.CONFIRMED
    assert (await desk.look(check)).reference == check.reference


async def test_a_timer_of_a_decided_check_does_nothing(desk: Desk, subject: UUID) -> None:
    """It went off while the decision was being written."""
    check = await accepted(desk, subject)
    await desk.take(desk.registry.decide(check.id, agreeing(a_claim())))
    late = CheckDeadline(check_id=check.id, state=CheckState.OVERDUE)
    await desk.db.run(lambda tx: actions.time_is_over(tx, late, clock.now()))
    assert (await desk.look(check)).state is CheckState.CONFIRMED


async def test_nobody_looks_at_a_check_that_is_not_there(desk: Desk) -> None:
    """A wrong number is said so."""
    with pytest.raises(NoSuchCheck):
        await desk.db.run(lambda tx: actions.get(tx, new_id()))


async def test_many_are_looked_at_in_one_question(desk: Desk, subject: UUID) -> None:
    """The newest revision of each subject."""
    other = new_id()
    await desk.ask(a_claim(), subject)
    newest = await desk.ask(a_claim("Марья"), subject)
    second = await desk.ask(a_claim(), other)
    found = await desk.db.run(lambda tx: actions.look_at_all(tx, KIND, [subject, other, new_id()]))
    assert {key: check.id for key, check in found.items()} == {subject: newest.id, other: second.id}


async def test_what_is_stored_shows_no_name_and_no_number(desk: Desk, subject: UUID) -> None:
    """The claim and the answer lie sealed; nothing of a person stands in any column."""
    check = await accepted(desk, subject)
    await desk.take(desk.registry.decide(check.id, agreeing(a_claim())))
    async with desk.db.transaction() as tx:
        for table in (store.registry_check, store.registry_answer):
            rows = (await tx.execute(table.select())).all()
            shown = repr(rows)
            assert rows
            assert "Смирнова" not in shown
            assert "123456" not in shown
            assert "Смирнова".encode() not in b"".join(cell for row in rows for cell in row if isinstance(cell, bytes))
