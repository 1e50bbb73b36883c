"""The child's account at the desk: made without a mailbox, a first password that is shown once and must be changed."""

import base64
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from sqlalchemy import text

from myschool.gosuslugi.centre import account_actions as accounts
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import OwnFamily
from myschool.gosuslugi.family.actions import at_desk, look, papers
from myschool.gosuslugi.family.actions.at_desk import Desk
from myschool.gosuslugi.family.model import Guardianship, NotNow
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit import clock, journal
from tests.gosuslugi.centre.conftest import CENTRE
from tests.gosuslugi.centre.desk import papers_of
from tests.gosuslugi.centre.test_children import opened
from tests.gosuslugi.family.browser import Browser
from tests.gosuslugi.family.conftest import HASH, Home, a_card

LOGIN = "00000060101"
OWN = "Ромашка-на-лугу-7"


async def decided(home: Home, desk: Browser, olga: Person) -> tuple[Guardianship, str]:
    """A mother whom the register did not find, let in on her papers; the address of the application."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    address = await opened(desk, row.number)
    await desk.press(address, papers_of(olga, row.card))
    return await home.look(row), address


def secret_of(desk: Browser) -> str:
    found = re.search(r'<strong class="number">([a-z0-9-]{14})</strong>', desk.page.text if desk.page else "")
    assert found is not None, desk.text
    return found[1]


async def handed(home: Home, desk: Browser, address: str) -> str:
    """The first password, as the page shows it."""
    await desk.open(f"{address}/account")
    fields = re.findall(r'name="instead_of" value="([^"]*)"', desk.page.text if desk.page else "")
    await desk.press(f"{address}/account", {"present": "1", "instead_of": fields[0]})
    return secret_of(desk)


async def child_of(home: Home, row: Guardianship) -> Person:
    async with home.db.transaction() as tx:
        entry = await look.entry(tx, home.vault, row.id, row.guardian_id)
        assert entry.child is not None
        assert entry.child.person_id is not None
        return await people.by_id(tx, home.vault, entry.child.person_id)


async def desk_of(home: Home, row: Guardianship) -> Desk:
    found = await home.run(at_desk.look, row.id)
    assert isinstance(found, Desk)
    return found


async def knock(home: Home, desk: Browser, password: str) -> Browser:
    """A child's browser after login, password and the code that its mother got."""
    pupil = Browser.of(desk.app)
    await pupil.open("/login")
    await pupil.press("/login", {"login": LOGIN, "password": password})
    if pupil.path == "/login/code":
        await home.work()
        await pupil.press("/login/code", {"code": home.post.code("olga@pochta.example")})
    return pupil


async def signed_in(pupil: Browser) -> bool:
    await pupil.open("/security")
    return pupil.path == "/security"


async def test_an_account_without_a_mailbox_is_made_on_the_spot(home: Home, desk: Browser, olga: Person) -> None:
    """From the done page, by the clerk; the paper says how to sign in, and the mother gets a letter."""
    row, address = await decided(home, desk, olga)
    assert f'href="{address}/account"' in (desk.page.text if desk.page else "")
    secret = await handed(home, desk, address)
    child = await child_of(home, row)
    assert child.level is Level.CHILD
    assert (await home.look(row)).attached_at is not None
    assert "000-000-601 01" in desk.text.replace("\xa0", " ")
    await home.work()
    assert home.post.subjects("olga@pochta.example")[-1] == "Учётная запись ребёнка создана"
    assert secret not in home.post.letters[-1].text
    async with home.db.transaction() as tx:
        tags = [one.tag for one in await journal.read(tx, people.chain_of(child.id))]
        assert {"account:created", "password:handed_on_paper", "guardianship:attached"} <= set(tags)


async def test_the_paper_is_a_pdf_of_the_same_words(home: Home, desk: Browser, olga: Person) -> None:
    """It comes with the page; nothing is kept for a second look."""
    _, address = await decided(home, desk, olga)
    secret = await handed(home, desk, address)
    found = re.search(r"data:application/pdf;base64,([^\"]+)", desk.page.text if desk.page else "")
    assert found is not None
    made = pypdfium2.PdfDocument(base64.b64decode(found[1]))
    said = " ".join(page.get_textpage().get_text_range() for page in made)
    assert secret in said
    assert "Смирнова" not in said


async def test_the_first_password_opens_only_the_page_that_changes_it(home: Home, desk: Browser, olga: Person) -> None:
    """After password and code nobody is signed in; the own password opens, the paper's does no more."""
    _, address = await decided(home, desk, olga)
    secret = await handed(home, desk, address)
    pupil = await knock(home, desk, secret)
    assert pupil.path == "/login/first-password"
    assert not await signed_in(pupil)
    await pupil.open("/login/first-password")
    assert (await pupil.press("/login/first-password", {"new_password": secret})).status_code == 422
    assert "Это пароль с листка" in pupil.text
    await pupil.press("/login/first-password", {"new_password": OWN})
    assert await signed_in(pupil)
    assert (await knock(home, desk, secret)).path == "/login"
    home.clock.advance(timedelta(minutes=2))
    again = await knock(home, desk, OWN)
    assert await signed_in(again)


async def test_the_page_is_closed_to_who_did_not_enter_the_code(home: Home, desk: Browser, olga: Person) -> None:
    """The password alone, or nothing at all, opens it not; nor once the password was changed."""
    row, address = await decided(home, desk, olga)
    secret = await handed(home, desk, address)
    stranger = Browser.of(desk.app)
    await stranger.open("/login")
    await stranger.press("/login", {"login": LOGIN, "password": secret})
    await stranger.press("/login/first-password", {"new_password": OWN})
    assert not await signed_in(stranger)
    home.clock.advance(timedelta(minutes=2))
    pupil = await knock(home, desk, secret)
    child = await child_of(home, row)
    await home.db.run(
        lambda tx: secrets.change(
            tx, home.vault, child, HASH, actor=people.chain_of(olga.id), recover_url="", now=clock.now()
        )
    )
    await pupil.press("/login/first-password", {"new_password": OWN})
    assert not await signed_in(pupil)


async def test_the_paper_has_a_last_day(home: Home, desk: Browser, olga: Person) -> None:
    """After it the right password leads to a page that says what to do."""
    _, address = await decided(home, desk, olga)
    secret = await handed(home, desk, address)
    home.clock.advance(timedelta(days=31))
    pupil = await knock(home, desk, secret)
    assert "Листок больше не действует" in pupil.text
    assert pupil.page is not None
    assert pupil.page.status_code == 403


async def test_a_form_sent_again_shows_no_second_password(home: Home, desk: Browser, olga: Person) -> None:
    """Reload after the paper was drawn, and two presses at once: one account, one password, the first."""
    row, address = await decided(home, desk, olga)
    secret = await handed(home, desk, address)
    await desk.open(f"{address}/account")
    await desk.press(f"{address}/account", {"present": "1", "instead_of": ""})
    assert "Учётная запись уже создана" in desk.text
    assert "Напечатать новый листок" in desk.text
    pupil = await knock(home, desk, secret)
    assert pupil.path == "/login/first-password"
    with pytest.raises(NotNow):
        await home.run(at_desk.create, row.id, HASH, actor="clerk:x")


async def test_a_lost_paper_is_printed_anew_and_the_old_one_opens_nothing(
    home: Home, desk: Browser, olga: Person
) -> None:
    """Only while the child has no own password; the mother is told."""
    row, address = await decided(home, desk, olga)
    first = await handed(home, desk, address)
    home.clock.advance(timedelta(minutes=1))
    second = await handed(home, desk, address)
    assert first != second
    assert (await knock(home, desk, first)).path == "/login"
    pupil = await knock(home, desk, second)
    await home.work()
    assert "Новый листок с паролем ребёнка" in home.post.subjects("olga@pochta.example")
    await pupil.press("/login/first-password", {"new_password": OWN})
    assert not (await desk_of(home, row)).may_hand_again
    known = (await desk_of(home, row)).password_set_at
    with pytest.raises(NotNow):
        await home.run(at_desk.hand_again, row.id, HASH, instead_of=known, actor="clerk:x")


async def test_a_paper_replaces_the_one_that_was_seen(home: Home, desk: Browser, olga: Person) -> None:
    """Two desks at once: the second press was about a paper that is void by now."""
    row, address = await decided(home, desk, olga)
    await handed(home, desk, address)
    before = (await desk_of(home, row)).password_set_at
    home.clock.advance(timedelta(minutes=1))
    await handed(home, desk, address)
    with pytest.raises(NotNow):
        await home.run(at_desk.hand_again, row.id, HASH, instead_of=before, actor="clerk:x")


async def test_without_the_applicant_nothing_is_handed_over(home: Home, desk: Browser, olga: Person) -> None:
    """The box must be ticked."""
    row, address = await decided(home, desk, olga)
    await desk.open(f"{address}/account")
    assert (await desk.press(f"{address}/account", {"instead_of": ""})).status_code == 422
    assert (await desk_of(home, row)).may_create


async def test_without_a_decision_there_is_nothing_to_make(home: Home, desk: Browser, olga: Person) -> None:
    """Neither by the page nor by the form; and an ended guardianship opens it not."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    address = await opened(desk, row.number)
    assert (await desk.open(f"{address}/account")).status_code == 409
    await desk.open("/centre")
    assert (await desk.press(f"{address}/account", {"present": "1", "instead_of": ""})).status_code == 409
    with pytest.raises(NotNow):
        await home.run(at_desk.create, row.id, HASH, actor="clerk:x")


async def test_only_who_was_opened_by_number_and_is_no_family(
    home: Home, desk: Browser, olga: Person, lyudmila: Person, tamara: Person
) -> None:
    """A citizen who is no clerk, and a clerk who did not open the application, find nothing here."""
    row, address = await decided(home, desk, olga)
    await desk.sign_in(tamara)
    assert (await desk.open(f"{address}/account")).status_code == 403
    await desk.sign_in(lyudmila)
    assert (await desk.open(f"{address}/account")).status_code == 403
    async with home.db.transaction() as tx:
        with pytest.raises(OwnFamily):
            await accounts.create(tx, home.vault, Clerk(olga.id, CENTRE), row, HASH, clock.now(), child_under=14)
    assert (await desk_of(home, row)).may_create


async def test_the_secret_is_kept_nowhere(home: Home, desk: Browser, olga: Person) -> None:
    """Not in any table, nor in a session, nor in the journal."""
    _, address = await decided(home, desk, olga)
    secret = await handed(home, desk, address)

    async def everything(tx: Any) -> str:
        query = "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
        tables = [row for row in await tx.execute(text(query)) if row[0] not in ("pg_catalog", "information_schema")]
        said = [str((await tx.execute(text(f'select * from "{schema}"."{name}"'))).all()) for schema, name in tables]
        return "\n".join(said)

    kept = await home.db.run(everything)
    assert "argon2" in kept, "the tables were read"
    assert secret not in kept
    assert secret not in repr(accounts.FirstPassword(secret, HASH))


async def test_a_parent_whose_child_has_an_account_gets_it_attached_here(
    home: Home, desk: Browser, olga: Person, dmitry: Person
) -> None:
    """«Привязать по просьбе заявителя»: once, with a letter; the actor is the clerk."""
    first = await home.confirmed(olga)
    await home.open_account(first, "alyona@pochta.example")
    row = await home.answer(await home.submit(dmitry, a_card()), no_record=True)
    address = await opened(desk, row.number)
    await desk.press(address, papers_of(dmitry, row.card))
    assert "Привязать по просьбе заявителя" in desk.text
    await desk.press(f"{address}/attach")
    assert "Учётная запись привязана" in desk.text
    assert (await home.look(row)).attached_at is not None
    await desk.press(f"{address}/attach")
    await home.work()
    assert home.post.subjects("dmitry@pochta.example").count("Учётная запись ребёнка привязана") == 1


async def test_the_page_says_who_decided_and_when(home: Home, desk: Browser, olga: Person) -> None:
    """A colleague whose form came second reads it."""
    row, address = await decided(home, desk, olga)
    await desk.press(address, papers_of(olga, row.card))
    assert "Решение принято: Зайцева Л. Б., сегодня в 10:00" in desk.text.replace("\xa0", " ")
    async with home.db.transaction() as tx:
        known = await papers.decided_of(tx, row.id)
    assert known is not None
    assert len([one for one in known.clerks if isinstance(one, UUID)]) == 1
