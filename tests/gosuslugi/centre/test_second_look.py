"""Two clerks for who stands in no record of birth: a first yes is a proposal, and it never waits without end."""

import asyncio
from datetime import timedelta

import pytest

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre import proposal_store
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import (
    AlreadyDecided,
    OtherCentre,
    OwnFamily,
    ProposalRefused,
    ProposalState,
    SameClerk,
)
from myschool.gosuslugi.family.actions import attaching, papers, protecting
from myschool.gosuslugi.family.model import Guardianship, GuardianshipState, Relation
from myschool.gosuslugi.family.papers_model import PaperDecision, SecondClerkNeeded, papers_needed
from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.operating import metrics
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from tests.gosuslugi.centre.conftest import CENTRE, seat
from tests.gosuslugi.centre.desk import papers_of
from tests.gosuslugi.centre.test_children import opened
from tests.gosuslugi.family.browser import Browser
from tests.gosuslugi.family.conftest import Home, a_card


async def proposed(home: Home, desk: Browser, guardian: Person) -> tuple[Guardianship, str]:
    """A guardian's application with the first yes, and where the second clerk finds it."""
    row = await home.confirmed(guardian, a_card(Relation.GUARDIAN))
    await desk.press(await opened(desk, row.number), papers_of(guardian, row.card))
    async with home.db.transaction() as tx:
        made = await proposals.waiting_for(tx, home.vault, row.id)
    assert made is not None
    return row, f"/centre/waiting/{made.id}"


async def test_a_first_yes_is_a_proposal_and_the_second_makes_it_a_decision(
    home: Home, desk: Browser, next_desk: Browser, tamara: Person
) -> None:
    """The guardian sees who acts and until when; the second clerk sees the papers."""
    row, address = await proposed(home, desk, tamara)
    assert "Ждёт второго сотрудника" in desk.text
    assert (await home.look(row)).state is GuardianshipState.REVIEW
    await desk.sign_in(tamara)
    await desk.open(f"/family/{row.id}")
    assert "Ждёт второго сотрудника" in desk.text
    assert "Второй сотрудник центра обслуживания" in desk.text
    await next_desk.open("/centre/waiting")
    assert row.number in next_desk.text
    assert "Кузнецова" not in next_desk.text, "names only inside"
    await next_desk.open(address)
    assert "17-оп" in next_desk.text
    assert "Зайцева Л. Б." in next_desk.text.replace("\xa0", " ")
    assert (await next_desk.press(address)).status_code == 422
    await next_desk.press(address, {"looked": "1"})
    assert (await home.look(row)).state is GuardianshipState.ACTIVE
    async with home.db.transaction() as tx:
        assert len(await papers.evidence_of(tx, home.vault, row.id)) == 4


async def test_one_clerk_alone_lets_no_guardian_in(home: Home, lyudmila: Person, tamara: Person) -> None:
    """Whatever page asks: nobody, the first clerk again, and the applicant are no second clerk."""
    row = await home.confirmed(tamara, a_card(Relation.GUARDIAN))
    needed = papers_needed(Relation.GUARDIAN)
    for second in (None, lyudmila.id, tamara.id):
        decision = PaperDecision(row.id, lyudmila.id, needed, "", clock.now(), confirmed_by=second)
        with pytest.raises(SecondClerkNeeded):
            await home.run(papers.decide, decision)
    assert (await home.look(row)).state is GuardianshipState.REVIEW


async def test_the_first_clerk_does_not_confirm(home: Home, desk: Browser, next_desk: Browser, tamara: Person) -> None:
    """No button, and a form that is sent all the same is refused."""
    row, address = await proposed(home, desk, tamara)
    page = await desk.open(address)
    assert ">Подтвердить<" not in page.text
    assert (await desk.press(address, {"looked": "1"})).status_code == 403
    await desk.open("/centre")
    assert (await desk.press(f"{address}/return", {"comment": "x"})).status_code == 403
    assert (await home.look(row)).state is GuardianshipState.REVIEW


async def test_a_clerk_of_another_centre_finds_nothing(home: Home, desk: Browser, vera: Person, tamara: Person) -> None:
    """By the address of the page, too."""
    row, address = await proposed(home, desk, tamara)
    await seat(home, vera, "Центр в другом городе")
    await desk.sign_in(vera)
    assert (await desk.open(address)).status_code == 404
    await desk.open("/centre")
    assert (await desk.press(address, {"looked": "1"})).status_code == 404
    assert (await home.look(row)).state is GuardianshipState.REVIEW


async def test_the_applicant_is_no_second_clerk(home: Home, desk: Browser, tamara: Person) -> None:
    """Even one who works at the same centre."""
    row, address = await proposed(home, desk, tamara)
    await seat(home, tamara)
    await desk.sign_in(tamara)
    assert (await desk.open(address)).status_code == 403
    await desk.open("/centre")
    assert (await desk.press(address, {"looked": "1"})).status_code == 403
    assert (await home.look(row)).state is GuardianshipState.REVIEW


async def test_who_represents_the_same_child_decides_about_nobody_in_it(
    home: Home, desk: Browser, vera: Person, tamara: Person
) -> None:
    """Her own application about this child is another one, and it is her family all the same."""
    await home.confirmed(vera, a_card())
    row = await home.confirmed(tamara, a_card(Relation.GUARDIAN))
    await home.decide(row, vera)
    await seat(home, vera)
    await desk.sign_in(vera)
    await opened(desk, row.number)
    assert "Решение о вашей семье принимает другой сотрудник" in desk.text


async def test_an_application_that_is_not_settled_yet_is_no_matter_of_the_childs_family_either(
    home: Home, desk: Browser, vera: Person, tamara: Person
) -> None:
    """The child is known by the mother's own guardianship; she works at the desk and neither refuses nor reads it."""
    await home.confirmed(vera, a_card())
    row = await home.confirmed(tamara, a_card(Relation.GUARDIAN))
    assert row.child_id is None
    await seat(home, vera)
    await desk.sign_in(vera)
    await opened(desk, row.number)
    assert "Решение о вашей семье принимает другой сотрудник" in desk.text
    assert row.card.snils.formatted() not in desk.text


async def test_what_was_decided_about_the_own_family_is_not_read_at_the_desk(
    home: Home, desk: Browser, vera: Person, tamara: Person
) -> None:
    """The address of the proposal stays closed after the decision."""
    await home.confirmed(vera, a_card())
    row, address = await proposed(home, desk, tamara)
    await seat(home, vera)
    for _ in ("waiting", "returned"):
        await desk.sign_in(vera)
        assert (await desk.open(address)).status_code == 403
        async with home.db.transaction() as tx:
            made = await proposals.waiting_for(tx, home.vault, row.id)
            if made is not None:
                state = ProposalState.RETURNED
                await proposal_store.close(tx, home.vault, made.id, state, tamara.id, "", clock.now())


async def test_one_clerk_alone_gives_nothing_back_to_whom_a_protection_keeps_away(
    home: Home, desk: Browser, next_desk: Browser, olga: Person, dmitry: Person
) -> None:
    """He closes the card that rests, types it anew and brings his true papers; the second clerk is warned."""
    mother = await home.confirmed(olga, a_card())
    father = await home.confirmed(dmitry, a_card(Relation.FATHER))
    await home.run(protecting.protect, mother.id, actor="clerk:x")
    await home.run(attaching.not_my_child, father.id, dmitry.id)
    row = await home.confirmed(dmitry, a_card(Relation.FATHER))
    await desk.press(await opened(desk, row.number), papers_of(dmitry, row.card))
    assert (await home.look(row)).state is GuardianshipState.REVIEW
    assert "Ждёт второго сотрудника" in desk.text
    async with home.db.transaction() as tx:
        made = await proposals.waiting_for(tx, home.vault, row.id)
    assert made is not None
    await next_desk.open(f"/centre/waiting/{made.id}")
    assert "семья под защитой" in next_desk.text


REFUSED: list[tuple[str, type[ProposalRefused]]] = [
    ("same", SameClerk),
    ("other", OtherCentre),
    ("family", OwnFamily),
]


@pytest.mark.parametrize(("who", "refusal"), REFUSED)
async def test_the_action_itself_refuses_the_wrong_clerk(
    home: Home,
    desk: Browser,
    lyudmila: Person,
    vera: Person,
    tamara: Person,
    who: str,
    refusal: type[ProposalRefused],
) -> None:
    """No page stands between."""
    row, _ = await proposed(home, desk, tamara)
    wrong = {"same": Clerk(lyudmila.id, CENTRE), "other": Clerk(vera.id, "Другой"), "family": Clerk(tamara.id, CENTRE)}
    async with home.db.transaction() as tx:
        made = await proposals.waiting_for(tx, home.vault, row.id)
        assert made is not None
        with pytest.raises(refusal):
            await proposals.confirm(tx, home.vault, wrong[who], made.id, clock.now(), child_under=14)


async def test_two_second_clerks_at_once_make_one_decision(
    home: Home, desk: Browser, vera: Person, dmitry: Person, tamara: Person
) -> None:
    """One confirms, the other is told that it is decided."""
    row, _ = await proposed(home, desk, tamara)
    async with home.db.transaction() as tx:
        made = await proposals.waiting_for(tx, home.vault, row.id)
    assert made is not None
    known = made.id

    async def confirm(clerk: Person) -> str:
        async def act(tx: object) -> None:
            at_desk = Clerk(clerk.id, CENTRE)
            await proposals.confirm(tx, home.vault, at_desk, known, clock.now(), child_under=14)  # type: ignore[arg-type]

        try:
            await home.db.run(act)
        except AlreadyDecided:
            return "late"
        return "decided"

    assert sorted(await asyncio.gather(confirm(vera), confirm(dmitry))) == ["decided", "late"]
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


async def test_a_form_sent_again_decides_nothing_more(
    home: Home, desk: Browser, next_desk: Browser, tamara: Person
) -> None:
    """A return after the yes, a yes after the return: what was first stands."""
    row, address = await proposed(home, desk, tamara)
    await next_desk.open(address)
    await next_desk.press(f"{address}/return", {"comment": "Номер акта не тот"})
    await next_desk.open("/centre")
    await next_desk.press(address, {"looked": "1"})
    assert (await home.look(row)).state is GuardianshipState.REVIEW
    await home.work()
    assert "Документы нужно показать ещё раз" in home.post.subjects("tamara@pochta.example")
    told = next(one.text for one in home.post.letters if "второй сотрудник не согласен" in getattr(one, "subject", ""))
    assert "Номер акта не тот" in told


async def test_returned_papers_are_shown_again_and_decided(
    home: Home, desk: Browser, next_desk: Browser, tamara: Person
) -> None:
    """No dead end: the application is open as before."""
    row, address = await proposed(home, desk, tamara)
    await next_desk.open(address)
    await next_desk.press(f"{address}/return", {"comment": "Нужна дата"})
    await desk.press(await opened(desk, row.number), papers_of(tamara, row.card))
    async with home.db.transaction() as tx:
        again = await proposals.waiting_for(tx, home.vault, row.id)
    assert again is not None
    await next_desk.open(f"/centre/waiting/{again.id}")
    await next_desk.press(f"/centre/waiting/{again.id}", {"looked": "1"})
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


async def test_a_card_corrected_meanwhile_is_not_decided(
    home: Home, desk: Browser, next_desk: Browser, tamara: Person
) -> None:
    """The first yes was about another card."""
    row, address = await proposed(home, desk, tamara)
    await home.correct(tamara, row, a_card(Relation.GUARDIAN, number="600109"))
    await next_desk.open(address)
    assert (await next_desk.press(address, {"looked": "1"})).status_code == 409
    assert (await home.look(row)).state is GuardianshipState.CHECKING


async def test_nobody_looks_and_it_ends_with_a_letter(
    home: Home, desk: Browser, next_desk: Browser, tamara: Person, vera: Person, lyudmila: Person
) -> None:
    """A reminder after a working day, an alarm after two, the end after five; the guardian may come again."""
    row, _ = await proposed(home, desk, tamara)
    await home.work(timedelta(days=2))
    reminded = f"Заявление {row.number} ждёт второго сотрудника"
    assert home.post.subjects("vera@pochta.example").count(reminded) == 1
    await home.work(timedelta(days=1))
    assert home.post.subjects("vera@pochta.example").count(reminded) == 2
    async with home.db.transaction() as tx:
        assert await centre.second_looks(tx, clock.now()) == {CENTRE: (1, 1)}
    await next_desk.sign_in(vera)
    await next_desk.open("/centre/waiting")
    assert "Срок прошёл" in next_desk.text
    await home.work(timedelta(days=6))
    assert "Второй сотрудник не успел" in home.post.subjects("tamara@pochta.example")
    async with home.db.transaction() as tx:
        assert await proposals.waiting_for(tx, home.vault, row.id) is None
    assert (await home.look(row)).state is GuardianshipState.REVIEW
    assert (await home.look(row)).second_look_until is None
    await desk.sign_in(lyudmila)
    await desk.press(await opened(desk, row.number), papers_of(tamara, row.card))
    assert (await home.look(row)).second_look_until is not None


async def test_an_overdue_second_look_stands_where_the_operator_looks(
    home: Home, desk: Browser, dmitry: Person, tamara: Person
) -> None:
    """On the page and in the monitoring, by centre; before its day it only waits."""
    await proposed(home, desk, tamara)
    await home.db.run(lambda tx: operating.appoint_once(tx, dmitry.id, by="system", now=clock.now()))
    await home.db.run(lambda tx: operating.count(tx, clock.now()))
    await desk.sign_in(dmitry)
    await desk.open("/operator")
    assert "Второго сотрудника ждут слишком долго 0" in desk.text
    assert f"{CENTRE} 1 0" in desk.text
    await home.work(timedelta(days=3))
    counted = await home.db.run(lambda tx: operating.count(tx, clock.now()))
    await desk.sign_in(dmitry)
    await desk.open("/operator")
    assert "Второго сотрудника ждут слишком долго 1" in desk.text
    assert f"{CENTRE} 1 1" in desk.text
    assert "myschool_second_looks_late 1\n" in metrics.text(counted, clock.now())
