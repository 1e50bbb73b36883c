"""From a card to a guardianship: what the registry says, and what it leaves unsaid."""

import asyncio
from datetime import date, timedelta

import pytest

from myschool.gosuslugi.checks import answers
from myschool.gosuslugi.checks import store as check_store
from myschool.gosuslugi.checks.model import CheckState
from myschool.gosuslugi.family.actions import attaching, drafts, look, sending
from myschool.gosuslugi.family.model import (
    ALL_RIGHTS,
    MOVES,
    AccountNotConfirmed,
    AddedAlready,
    Basis,
    EndReason,
    GuardianshipState,
    NotYours,
    Relation,
    TooOld,
)
from myschool.gosuslugi.family.pages.standing import FORGIVEN, standing
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock, journal
from myschool.papers.matching import Field, How
from tests.gosuslugi.checks.registry_fake import NOTHING, agreeing
from tests.gosuslugi.family.conftest import Home, a_card


def test_every_state_has_a_row() -> None:
    """The table of moves is whole."""
    assert MOVES.keys() == set(GuardianshipState)


async def test_a_confirmed_certificate_makes_the_guardianship_active(home: Home, olga: Person) -> None:
    """Asked, confirmed, told: the basis is the registry, the rights are a parent's."""
    row = await home.confirmed(olga)
    assert (row.state, row.basis, row.rights) == (GuardianshipState.ACTIVE, Basis.REGISTRY, ALL_RIGHTS)
    assert home.post.subjects("olga@pochta.example") == [
        "Проверяем свидетельство о рождении",
        "ЗАГС подтвердил свидетельство",
    ]


async def test_a_contradiction_names_the_field_and_may_be_corrected(home: Home, olga: Person) -> None:
    """Алёна has a double name in the register: corrected, sent again, confirmed."""
    row = await home.answer(await home.submit(olga, a_card()), given_name=How.DIFFERS)
    assert row.state is GuardianshipState.MISMATCH
    assert (await home.check(row)).differing == (Field.GIVEN_NAME,)
    row = await home.correct(olga, row, a_card(given_name="Алена-Мария"))
    assert (row.state, row.card.given_name) == (GuardianshipState.CHECKING, "Алена-Мария")
    assert (await home.answer(row)).state is GuardianshipState.ACTIVE


async def test_a_slip_in_one_name_does_not_stand_in_the_way(home: Home, olga: Person) -> None:
    """Confirmed; the card says that something is written otherwise, and neither which field nor how."""
    row = await home.answer(await home.submit(olga, a_card()), family_name=How.CLOSE)
    assert row.state is GuardianshipState.ACTIVE
    assert (await home.check(row)).forgiven == (Field.FAMILY_NAME,)
    entry = await home.db.run(lambda tx: look.entry(tx, home.vault, row.id, olga.id))
    assert FORGIVEN in standing(entry, clock.now()).text


async def test_a_certificate_nobody_knows_leads_to_the_second_way(home: Home, olga: Person) -> None:
    """The letter says so, and the same card may be sent again."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    assert row.state is GuardianshipState.MISMATCH
    assert home.post.subjects("olga@pochta.example")[-1] == "ЗАГС не нашёл свидетельство"
    await home.db.run(lambda tx: sending.again(tx, home.vault, row.id, olga, clock.now()))
    assert (await home.look(row)).state is GuardianshipState.CHECKING


async def test_a_late_answer_to_the_old_card_does_not_settle_the_corrected_one(home: Home, olga: Person) -> None:
    """Corrected while the first question was still out: only the newest answer counts."""
    row = await home.submit(olga, a_card(given_name="Олёна"))
    old = await home.check(row)
    row = await home.correct(olga, row, a_card())
    home.registry.decide(old.id, NOTHING)
    await home.work(timedelta(hours=6))
    assert (await home.look(row)).state is GuardianshipState.CHECKING
    assert (await home.answer(row)).state is GuardianshipState.ACTIVE


async def test_a_verdict_that_waits_while_the_card_is_corrected_settles_nothing(home: Home, olga: Person) -> None:
    """Confirmed, but before that is told the mother sends another name: what was confirmed is not what she says now."""
    row = await home.submit(olga, a_card())
    old = await home.check(row)
    claim = await home.db.run(lambda tx: check_store.claim_of(tx, home.vault, old.id))
    answer = home.registry.decide(old.id, agreeing(claim))
    await home.db.run(lambda tx: answers.record(tx, home.vault, answer, clock.now()))
    row = await home.correct(olga, row, a_card(given_name="Олёна"))
    assert (row.state, row.child_id) == (GuardianshipState.CHECKING, None)
    assert (await home.answer(row, no_record=True)).state is GuardianshipState.MISMATCH


async def test_a_guardian_goes_to_the_clerk_after_the_registry(home: Home, tamara: Person) -> None:
    """No record of birth names her: the certificate alone gives her nothing."""
    row = await home.confirmed(tamara, a_card(Relation.GUARDIAN))
    assert (row.state, row.basis, row.rights) == (GuardianshipState.REVIEW, None, frozenset())
    assert home.post.subjects("tamara@pochta.example")[-1] == "Нужно прийти в центр обслуживания"


async def test_a_parent_whom_the_record_does_not_name_gets_nothing(home: Home, tamara: Person) -> None:
    """She calls herself mother; the record names another."""
    row = await home.submit(tamara, a_card(Relation.MOTHER))
    row = await home.answer(row, parent_family_name=How.DIFFERS, parent_given_name=How.DIFFERS)
    assert row.state is GuardianshipState.MISMATCH
    assert not row.in_force(clock.now())


async def test_an_unconfirmed_parent_sends_nothing_and_loses_nothing(home: Home, artyom: Person) -> None:
    """The draft waits until the account is confirmed."""
    draft = await home.run(drafts.start, artyom.id)
    async with home.db.transaction() as tx:
        await drafts.keep(tx, home.vault, draft, {"given_name": "Варвара"}, clock.now())
    with pytest.raises(AccountNotConfirmed):
        await home.db.run(lambda tx: sending.submit(tx, home.vault, draft.id, artyom, a_card(), clock.now()))
    await home.work()
    (kept,) = await home.db.run(lambda tx: drafts.waiting(tx, home.vault, artyom.id))
    assert kept.typed == {"given_name": "Варвара"}
    assert home.registry.asked == 0


async def test_a_pupil_of_fourteen_is_no_child_any_more(home: Home, olga: Person) -> None:
    """On the day before the birthday she is, on the birthday not."""
    young, grown = a_card(birth_date=date(2012, 11, 26)), a_card(birth_date=date(2012, 11, 25))
    with pytest.raises(TooOld):
        await home.submit(olga, grown)
    assert (await home.submit(olga, young)).state is GuardianshipState.CHECKING


async def test_a_form_pressed_twice_makes_one_child(home: Home, olga: Person) -> None:
    """Six presses of «Отправить» at once: one card, one question to each register, one letter."""
    draft = await home.run(drafts.start, olga.id)

    async def press() -> object:
        sent = await home.db.run(lambda tx: sending.submit(tx, home.vault, draft.id, olga, a_card(), clock.now()))
        return sent.id

    sent = await asyncio.gather(*(press() for _ in range(6)))
    await home.work()
    assert len(set(sent)) == 1
    assert home.registry.asked == 2
    assert home.post.subjects("olga@pochta.example") == ["Проверяем свидетельство о рождении"]


async def test_the_same_child_typed_in_two_tabs_is_one_card(home: Home, olga: Person) -> None:
    """Two drafts with one СНИЛС at once: the second is led to the first."""
    first = await home.run(drafts.start, olga.id)
    async with home.db.transaction() as tx:
        await drafts.keep(tx, home.vault, first, {"given_name": "Алёна"}, clock.now())
    second = await home.run(drafts.start, olga.id)
    assert first.id != second.id

    async def send(draft_id: object) -> object:
        try:
            row = await home.db.run(lambda tx: sending.submit(tx, home.vault, draft_id, olga, a_card(), clock.now()))
        except AddedAlready as already:
            return already.guardianship_id
        return row.id

    assert len(set(await asyncio.gather(send(first.id), send(second.id)))) == 1
    assert len(await home.db.run(lambda tx: look.family_of(tx, home.vault, olga.id))) == 1


async def test_nobody_sends_corrects_or_sees_the_card_of_another(home: Home, olga: Person, tamara: Person) -> None:
    """An id that was guessed or seen opens nothing."""
    row = await home.submit(olga, a_card())
    draft = await home.run(drafts.start, olga.id)
    attempts = [
        lambda tx: look.entry(tx, home.vault, row.id, tamara.id),
        lambda tx: drafts.correct(tx, home.vault, tamara.id, row.id, {}, clock.now()),
        lambda tx: drafts.mine(tx, home.vault, draft.id, tamara.id),
        lambda tx: sending.again(tx, home.vault, row.id, tamara, clock.now()),
        lambda tx: attaching.not_my_child(tx, home.vault, row.id, tamara.id, clock.now()),
    ]
    for attempt in attempts:
        with pytest.raises(NotYours):
            await home.db.run(attempt)


async def test_silence_is_told_once_and_answered_late_all_the_same(home: Home, olga: Person) -> None:
    """Overdue after five working days, then the answer comes."""
    row = await home.submit(olga, a_card())
    await home.work(timedelta(days=9))
    assert (await home.check(row)).state is CheckState.OVERDUE
    assert home.post.subjects("olga@pochta.example").count("ЗАГС отвечает дольше обычного") == 1
    assert (await home.answer(row)).state is GuardianshipState.ACTIVE


async def test_after_thirty_days_the_parent_is_told_and_may_send_again(home: Home, olga: Person) -> None:
    """The card does not hang for ever."""
    row = await home.submit(olga, a_card())
    await home.work(timedelta(days=31))
    await home.work()
    assert (await home.look(row)).state is GuardianshipState.MISMATCH
    assert home.post.subjects("olga@pochta.example")[-1] == "ЗАГС не ответил за 30 дней"
    await home.db.run(lambda tx: sending.again(tx, home.vault, row.id, olga, clock.now()))
    await home.work()
    assert (await home.answer(row)).state is GuardianshipState.ACTIVE


async def test_a_registry_away_is_told_once_however_often_it_goes(home: Home, olga: Person) -> None:
    """Away, back, away: one letter."""
    home.registry.away = True
    row = await home.submit(olga, a_card())
    for away in (False, True, False, True):
        home.registry.away = away
        await home.work(timedelta(hours=5))
    assert home.post.subjects("olga@pochta.example").count("ЗАГС пока недоступен") == 1
    assert (await home.look(row)).state is GuardianshipState.CHECKING


async def test_not_my_child_ends_the_card_and_the_question(home: Home, olga: Person) -> None:
    """The answer that comes afterwards makes nobody a parent; pressed twice it is one end."""
    row = await home.submit(olga, a_card())
    check = await home.check(row)
    for _ in range(2):
        await home.run(attaching.not_my_child, row.id, olga.id)
    claim = await home.db.run(lambda tx: check_store.claim_of(tx, home.vault, check.id))
    home.registry.decide(check.id, agreeing(claim))
    await home.work(timedelta(hours=6))
    row = await home.look(row)
    assert (row.state, row.end_reason) == (GuardianshipState.ENDED, EndReason.NOT_MY_CHILD)
    assert await home.db.run(lambda tx: look.family_of(tx, home.vault, olga.id)) == []


async def test_after_not_my_child_the_child_may_be_added_anew(home: Home, olga: Person) -> None:
    """A slip of the finger is no fate."""
    row = await home.confirmed(olga)
    await home.run(attaching.not_my_child, row.id, olga.id)
    anew = await home.confirmed(olga)
    assert anew.id != row.id
    assert (anew.state, anew.child_id) == (GuardianshipState.ACTIVE, row.child_id)


async def test_two_parents_at_once_have_one_child(home: Home, olga: Person, dmitry: Person) -> None:
    """Both answers come in the same moment."""
    rows = [await home.submit(olga, a_card()), await home.submit(dmitry, a_card(Relation.FATHER))]
    first, second = await asyncio.gather(*(home.answer(row) for row in rows))
    first, second = await home.look(first), await home.look(second)
    assert first.state is second.state is GuardianshipState.ACTIVE
    assert first.child_id == second.child_id


async def test_one_parents_goodbye_does_not_touch_the_others_link(home: Home, olga: Person, dmitry: Person) -> None:
    """Separated parents."""
    hers, his = await home.confirmed(olga), await home.confirmed(dmitry, a_card(Relation.FATHER))
    await home.run(attaching.not_my_child, hers.id, olga.id)
    assert (await home.look(his)).in_force(clock.now())


@pytest.mark.parametrize(
    "otherwise",
    [
        {"birth_date": date(2017, 5, 15), "series": "IV-ПЕ"},
        {"given_name": "Мария", "series": "IV-ПЕ"},
        {"snils_digits": "00000060102"},
    ],
)
async def test_a_card_that_contradicts_a_known_child_goes_to_a_clerk(
    home: Home, olga: Person, dmitry: Person, otherwise: dict[str, object]
) -> None:
    """СНИЛС of one child on the papers of another: no machine decides who is right."""
    await home.confirmed(olga)
    his = await home.confirmed(dmitry, a_card(Relation.FATHER, **otherwise))
    assert (his.state, his.child_id) == (GuardianshipState.REVIEW, None)


async def test_who_did_what_is_in_the_parents_journal(home: Home, olga: Person) -> None:
    """Each step with its reason, the actor and the number, and nothing of the papers."""
    row = await home.confirmed(olga)
    async with home.db.transaction() as tx:
        entries = await journal.read(tx, chain_of(olga.id))
    told = [(entry.actor, entry.facts["reason"]) for entry in entries if entry.tag == "guardianship:moved"]
    assert told == [("system", "confirmed"), (chain_of(olga.id), "sent")]
    assert {entry.facts["number"] for entry in entries if entry.tag == "guardianship:moved"} == {row.number}
    assert "600101" not in repr(entries)
