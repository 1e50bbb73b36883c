"""The child's СНИЛС is asked of the Social Fund: nobody takes a stranger's number, and nothing is told about it."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.checks import answers
from myschool.gosuslugi.checks.model import CheckDeadline, CheckKind, CheckMoved, CheckState
from myschool.gosuslugi.family.actions import asking, attaching, moving, sending, settling
from myschool.gosuslugi.family.model import Guardianship, GuardianshipState
from myschool.gosuslugi.family.pages.standing import standing
from myschool.gosuslugi.family.questions import CERTIFICATE, SNILS
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.papers.matching import How
from tests.gosuslugi.checks.registry_fake import NOTHING
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, a_card

MAILBOX = "olga@pochta.example"
STRANGER: Any = {"family_name": How.DIFFERS, "given_name": How.DIFFERS, "birth_date": How.DIFFERS, "sex": How.DIFFERS}
DENIED = "СНИЛС ребёнка не подтвердился"


async def test_the_number_is_asked_with_name_and_birth_date(home: Home, olga: Person) -> None:
    """And with nothing of the certificate."""
    await home.submit(olga, a_card())
    asked = dict(home.registry.taken.values())
    assert asked.keys() == {CheckKind.BIRTH_CERTIFICATE, CheckKind.SNILS}
    claim = asked[CheckKind.SNILS]
    assert claim.document == {"snils": "00000060101"}
    assert set(claim.particulars) == {"family_name", "given_name", "patronymic", "birth_date", "sex"}


@pytest.mark.parametrize("certificate_first", [True, False])
async def test_only_both_answers_make_a_guardianship_in_either_order(
    home: Home, olga: Person, certificate_first: bool
) -> None:
    """One alone gives nothing."""
    row = await home.submit(olga, a_card())
    first, second = (home.answer_certificate, home.answer_snils)[:: 1 if certificate_first else -1]
    row = await first(row)
    assert (row.state, row.child_id) == (GuardianshipState.CHECKING, None)
    assert (await second(row)).state is GuardianshipState.ACTIVE
    subjects = home.post.subjects(MAILBOX)
    assert subjects.count("ЗАГС подтвердил свидетельство") == 1
    assert subjects.count("Проверяем СНИЛС ребёнка") == certificate_first, "told only when it is waited for"


async def test_both_answers_at_once_settle_once(home: Home, olga: Person) -> None:
    """Two workers, two verdicts, one letter."""
    row = await home.submit(olga, a_card())
    await asyncio.gather(home.answer_certificate(row), home.answer_snils(row))
    assert (await home.look(row)).state is GuardianshipState.ACTIVE
    assert home.post.subjects(MAILBOX).count("ЗАГС подтвердил свидетельство") == 1


@pytest.mark.parametrize("stranger", [True, False])
async def test_a_strangers_number_is_never_confirmed_and_reads_like_one_that_nobody_has(
    home: Home, olga: Person, stranger: bool
) -> None:
    """Same state, same history, same page, same letter: whether the number is somebody's cannot be found out."""
    row = await home.submit(olga, a_card())
    row = await (home.answer_snils(row, **STRANGER) if stranger else home.answer_snils(row, no_record=True))
    row = await home.answer_certificate(row)
    assert (row.state, row.child_id) == (GuardianshipState.MISMATCH, None)
    (entry,) = await home.run_family(olga)
    known = standing(entry, clock.now())
    assert known.tag == "СНИЛС не подтвердился"
    assert list(known.differing) == ["СНИЛС"]
    assert known.text == (
        "СНИЛС с таким номером, именем и датой рождения не нашли. Сверьте номер с карточкой СНИЛС или с личным "
        "кабинетом мамы на Госуслугах. Что записано в реестре, нам не сообщают."
    )
    assert home.post.subjects(MAILBOX)[-1] == DENIED


async def test_a_single_field_that_differs_is_named(home: Home, olga: Person) -> None:
    """All the rest agrees, so it is this child: corrected, both registers are asked about the new name."""
    row = await home.answer_snils(await home.submit(olga, a_card()), given_name=How.DIFFERS)
    (entry,) = await home.run_family(olga)
    assert list(standing(entry, clock.now()).differing) == ["имя ребёнка"]
    row = await home.correct(olga, row, a_card(given_name="Алена-Мария"))
    assert row.state is GuardianshipState.CHECKING
    assert (await home.answer(row)).state is GuardianshipState.ACTIVE


async def test_a_corrected_number_asks_only_the_fund_again(home: Home, olga: Person) -> None:
    """ЗАГС confirmed before and its question has not changed."""
    row = await home.answer_snils(await home.submit(olga, a_card()), no_record=True)
    row = await home.answer_certificate(row)
    before = home.registry.asked
    row = await home.correct(olga, row, a_card(snils_digits="00000060102"))
    assert home.registry.asked == before + 1
    assert home.post.subjects(MAILBOX)[-1] == "Проверяем СНИЛС ребёнка"
    assert (await home.answer_snils(row)).state is GuardianshipState.ACTIVE


async def test_an_answer_about_the_number_before_the_correction_does_not_count(home: Home, olga: Person) -> None:
    """The mother's number was in the field; the answer to it comes after she mended it."""
    row = await home.submit(olga, a_card(snils_digits="00000060102"))
    old = (await home.questions(row)).snils
    assert old is not None
    row = await home.correct(olga, row, a_card())
    await home.say(old)
    row = await home.answer_certificate(row)
    assert row.state is GuardianshipState.CHECKING, "the old number was confirmed, the new one not yet"
    assert (await home.answer_snils(row)).state is GuardianshipState.ACTIVE


async def test_a_refusal_that_waits_while_the_number_is_corrected_refuses_nothing(home: Home, olga: Person) -> None:
    """The Social Fund said no to the old number; before that is told, the mother sends another."""
    row = await home.submit(olga, a_card(snils_digits="00000060102"))
    old = (await home.questions(row)).snils
    assert old is not None
    answer = home.registry.decide(old.id, NOTHING)
    await home.db.run(lambda tx: answers.record(tx, home.vault, answer, clock.now()))
    row = await home.correct(olga, row, a_card())
    assert row.state is GuardianshipState.CHECKING
    assert DENIED not in home.post.subjects(MAILBOX)


async def test_a_silent_fund_has_its_dates_its_letters_and_an_end(home: Home, olga: Person) -> None:
    """ЗАГС confirmed, the Social Fund is silent: told at once, overdue, expired, sent again."""
    row = await home.answer_certificate(await home.submit(olga, a_card()))
    (entry,) = await home.run_family(olga)
    known = standing(entry, clock.now())
    assert (known.tag, known.who, known.until) == ("Проверяем СНИЛС", "Социальный фонд", "2 декабря")
    await home.work(timedelta(days=9))
    (entry,) = await home.run_family(olga)
    assert standing(entry, clock.now()).tag == "Ответ о СНИЛС задерживается"
    await home.work(timedelta(days=25))
    await home.work()
    assert (await home.look(row)).state is GuardianshipState.MISMATCH
    (entry,) = await home.run_family(olga)
    assert standing(entry, clock.now()).tag == "Нет ответа о СНИЛС"
    assert home.post.subjects(MAILBOX)[-3:] == [
        "Проверяем СНИЛС ребёнка",
        "Ответ о СНИЛС задерживается",
        "Социальный фонд не ответил за 30 дней",
    ]
    await home.db.run(lambda tx: sending.again(tx, home.vault, row.id, olga, clock.now()))
    await home.work()
    assert (await home.answer_snils(row)).state is GuardianshipState.ACTIVE


async def test_when_both_are_silent_one_letter_a_step_is_enough(home: Home, olga: Person) -> None:
    """The parent hears of the certificate; the end is told once."""
    row = await home.submit(olga, a_card())
    for days in (9, 25):
        await home.work(timedelta(days=days))
        await home.work()
    assert (await home.look(row)).state is GuardianshipState.MISMATCH
    assert home.post.subjects(MAILBOX) == [
        "Проверяем свидетельство о рождении",
        "ЗАГС отвечает дольше обычного",
        "ЗАГС не ответил за 30 дней",
    ]


@pytest.mark.parametrize("first", [SNILS, CERTIFICATE])
async def test_whichever_timer_comes_first_the_end_of_both_is_told_once(
    home: Home, olga: Person, first: CheckKind
) -> None:
    """The parent reads of the certificate, never of the number: one end, one letter."""
    row = await home.submit(olga, a_card())
    home.clock.advance(timedelta(days=34))
    asked = await home.questions(row)
    second = CERTIFICATE if first is SNILS else SNILS
    for kind in (first, second):
        check = asked.of(kind)
        assert check is not None
        over = CheckDeadline(check_id=check.id, state=CheckState.EXPIRED)
        moved = CheckMoved(check_id=check.id, kind=kind, subject_id=row.id, state=CheckState.EXPIRED)

        async def both(tx: Tx, over: CheckDeadline = over, moved: CheckMoved = moved) -> None:
            await checks.time_is_over(tx, over, clock.now())
            await settling.hear(tx, home.vault, moved, clock.now())

        await home.db.run(both)
    await home.work()
    assert (await home.look(row)).state is GuardianshipState.MISMATCH
    ended = [one for one in home.post.subjects(MAILBOX) if "не ответил" in one]
    assert ended == ["ЗАГС не ответил за 30 дней"]


async def test_a_late_answer_of_the_fund_still_counts(home: Home, olga: Person) -> None:
    """Overdue is no end."""
    row = await home.answer_certificate(await home.submit(olga, a_card()))
    await home.work(timedelta(days=12))
    assert (await home.answer_snils(row)).state is GuardianshipState.ACTIVE


async def test_the_second_refusal_is_told_too(home: Home, olga: Person) -> None:
    """First the number, then the certificate: one state, two letters, both on the page."""
    row = await home.answer_snils(await home.submit(olga, a_card()), no_record=True)
    row = await home.answer_certificate(row, given_name=How.DIFFERS)
    assert home.post.subjects(MAILBOX)[-2:] == [DENIED, "Данные не совпали с записью ЗАГС"]
    (entry,) = await home.run_family(olga)
    known = standing(entry, clock.now())
    assert known.tag == "Данные не совпали"
    assert "СНИЛС тоже не подтвердился" in known.text


async def test_a_card_sent_before_the_number_was_asked_about_is_asked_now(home: Home, olga: Person) -> None:
    """It does not hang, and it is not settled without the number either."""

    async def as_before(tx: Tx) -> Guardianship:
        row = await sending.claim(tx, home.vault, olga.id, a_card(), clock.now())
        await asking.ask_about_certificate(tx, home.vault, row, olga, clock.now())
        return await moving.move(tx, row, GuardianshipState.CHECKING, clock.now(), reason="sent", actor="system")

    row = await home.db.run(as_before)
    await home.work()
    row = await home.answer_certificate(row)
    assert row.state is GuardianshipState.CHECKING
    assert (await home.answer_snils(row)).state is GuardianshipState.ACTIVE


async def test_the_page_of_the_second_way_names_the_number(home: Home, olga: Person, tmp_path: Path) -> None:
    """Its own reason, its own advice, and the button that mends it."""
    row = await home.answer_certificate(await home.submit(olga, a_card()))
    row = await home.answer_snils(row, **STRANGER)
    browser = await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(olga)
    await browser.open(f"/family/{row.id}/second-way")
    assert "СНИЛС ребёнка не подтвердился Вот причина" in browser.text
    assert "Сверьте номер с карточкой СНИЛС" in browser.text
    await browser.press(f"/family/{row.id}/correct")
    assert browser.path.endswith("/check")


async def test_not_my_child_ends_both_questions(home: Home, olga: Person) -> None:
    """Nobody waits for either answer any more."""
    row = await home.submit(olga, a_card())
    await home.run(attaching.not_my_child, row.id, olga.id)
    asked = await home.questions(row)
    assert {check.state for check in (asked.certificate, asked.snils) if check} == {CheckState.SUPERSEDED}
