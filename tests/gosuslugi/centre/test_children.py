"""«Способ №2» at the desk: the application by its number, the papers, the decision, and nothing for anybody else."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.family.actions import papers
from myschool.gosuslugi.family.model import GuardianshipState, Relation
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock, journal
from tests.gosuslugi.centre.desk import papers_of
from tests.gosuslugi.family.browser import Browser
from tests.gosuslugi.family.conftest import Home, a_card


async def opened(desk: Browser, number: str) -> str:
    """By the number, as it was said aloud; gives the address."""
    await desk.open("/centre")
    await desk.press("/centre/children", {"number": number})
    return desk.path


async def test_the_clerk_compares_papers_and_the_dialog_opens(
    home: Home, desk: Browser, olga: Person, lyudmila: Person
) -> None:
    """Not found by the registry; found on paper."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    address = await opened(desk, row.number.replace("-", " ").lower())
    assert "Смирнова Ольга Сергеевна" in desk.text
    assert "III-ПЕ № 600101" in desk.text
    assert "Не нашёл свидетельство" in desk.text
    await desk.press(address, papers_of(olga, row.card, note="Подлинники"))
    assert "Заявитель представляет ребёнка" in desk.text
    assert (await home.look(row)).state is GuardianshipState.ACTIVE
    async with home.db.transaction() as tx:
        entries = await journal.read(tx, chain_of(olga.id))
    told = {entry.tag: entry.actor for entry in entries}
    assert told["application:opened_by_clerk"] == told["guardianship:decided_on_papers"] == f"clerk:{lyudmila.id}"


@pytest.mark.parametrize(
    ("otherwise", "named"),
    [
        ({"number": "600102"}, "Свидетельство III-ПЕ № 600102 III-ПЕ № 600101"),
        ({"snils": "000-000-601 02"}, "СНИЛС ребёнка"),
        ({"given_name": "Мария"}, "Имя ребёнка Мария Алёна"),
        ({"birth-day": "15"}, "Дата рождения 15.05.2017 14.05.2017"),
        ({"passport": "0026 000099"}, "Паспорт заявителя"),
        ({"face": ""}, "Фото в паспорте"),
    ],
)
async def test_what_differs_is_named_and_decides_nothing(
    home: Home, desk: Browser, olga: Person, otherwise: dict[str, str], named: str
) -> None:
    """Paper by paper; what was typed is kept."""
    row = await home.submit(olga, a_card())
    address = await opened(desk, row.number)
    page = await desk.press(address, papers_of(olga, row.card, **otherwise))
    assert page.status_code == 422
    assert "Не сходится 1 строка" in desk.text
    assert named in desk.text
    assert 'value="Отдел ЗАГС города Песочного"' in page.text
    assert (await home.look(row)).state is GuardianshipState.CHECKING


async def test_without_the_papers_read_there_is_no_decision(home: Home, desk: Browser, olga: Person) -> None:
    """Every field is asked for."""
    row = await home.submit(olga, a_card())
    page = await desk.press(await opened(desk, row.number), {"face": "1"})
    assert page.status_code == 422
    for words in ("Введите серию и номер паспорта", "Введите фамилию", "Введите номер свидетельства", "Введите СНИЛС"):
        assert words in desk.text
    assert (await home.look(row)).state is GuardianshipState.CHECKING


async def test_a_letter_ё_and_a_hyphen_are_no_difference(home: Home, desk: Browser, olga: Person) -> None:
    """Алена of the certificate is Алёна of the card."""
    row = await home.submit(olga, a_card())
    await desk.press(await opened(desk, row.number), papers_of(olga, row.card, given_name="Алена"))
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


async def test_each_paper_is_kept_as_evidence_and_sealed(
    home: Home, desk: Browser, olga: Person, lyudmila: Person
) -> None:
    """Kind, number, date, issued by; the numbers stand nowhere in the clear."""
    row = await home.submit(olga, a_card())
    await desk.press(await opened(desk, row.number), papers_of(olga, row.card))
    async with home.db.transaction() as tx:
        kept = await papers.evidence_of(tx, home.vault, row.id)
        raw = str((await tx.execute(text("SELECT * FROM guardianship_evidence"))).all())
    assert [one.kind for one in kept] == ["applicant_passport", "birth_certificate", "child_snils"]
    assert [one.number for one in kept] == ["0026060001", "III-ПЕ № 600101", "00000060101"]
    assert [one.issued_on for one in kept] == [date(2008, 4, 2), date(2017, 5, 25), None]
    assert {one.added_by for one in kept} == {f"clerk:{lyudmila.id}"}
    assert "600101" not in raw
    assert "00000060101" not in raw


@pytest.mark.parametrize(
    "typed", ["{0}{1}", "{0}-{1}", " {0} {1} ", "№ {0}–{1}", "Заявление {0}-{1}", "russian", "lower"]
)
async def test_the_number_is_found_however_it_is_typed(home: Home, desk: Browser, olga: Person, typed: str) -> None:
    """Also scanned while the keyboard was Russian."""
    row = await home.submit(olga, a_card())
    first, last = row.number.split("-")
    keys = str.maketrans("DFGJNQRSUVWZ", "вапотйкыгмця")
    special = {"russian": row.number.translate(keys), "lower": row.number.lower()}
    assert await opened(desk, special.get(typed) or typed.format(first, last)) == f"/centre/children/{row.id}"


async def test_a_refused_application_is_mended_in_one_press(home: Home, desk: Browser, olga: Person) -> None:
    """What was typed is there again, the new application has a new number, and the old one stays refused."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    await desk.press(f"{await opened(desk, row.number)}/refuse", {"reason": "papers_missing"})
    await home.work()
    letter = next(one for one in home.post.letters if getattr(one, "subject", "") == "Центр обслуживания отказал")
    assert "Не хватило документов" in letter.text
    assert "Заполнять всё заново не нужно" in letter.text
    await desk.sign_in(olga)
    await desk.open("/family")
    assert "Не хватило документов" in desk.text
    await desk.press(f"/family/{row.id}/correct")
    again = desk.path
    assert "III-ПЕ" in desk.text
    await desk.open("/family")
    await desk.press(f"/family/{row.id}/correct")
    assert desk.path == again, "pressed twice: one draft"
    await desk.press(again)
    fresh = [one.guardianship for one in await home.run_family(olga)]
    assert [one.state for one in fresh] == [GuardianshipState.CHECKING], "the refused one no longer stands in the list"
    assert fresh[0].number != row.number


async def test_a_refusal_has_a_reason_that_the_parent_reads(home: Home, desk: Browser, olga: Person) -> None:
    """Without a reason there is none."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    address = await opened(desk, row.number)
    assert (await desk.press(f"{address}/refuse")).status_code == 422
    await desk.press(f"{address}/refuse", {"reason": "papers_differ"})
    assert (await home.look(row)).state is GuardianshipState.REFUSED
    await desk.sign_in(olga)
    await desk.open(f"/family/{row.id}")
    assert "Документы не совпали с карточкой" in desk.text


async def test_pressed_twice_the_second_press_shows_what_was_decided(home: Home, desk: Browser, olga: Person) -> None:
    """Back and again: one decision."""
    row = await home.submit(olga, a_card())
    address = await opened(desk, row.number)
    await desk.press(address, papers_of(olga, row.card))
    await opened(desk, row.number)
    assert "Заявитель представляет ребёнка" in desk.text
    await desk.open("/centre")
    await desk.press(f"{address}/refuse", {"reason": "papers_differ"})
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


async def test_a_child_known_by_other_papers_is_told_to_the_clerk(
    home: Home, desk: Browser, olga: Person, dmitry: Person
) -> None:
    """СНИЛС of one child on the papers of another: nothing is written, and the page says what to compare."""
    await home.confirmed(olga)
    row = await home.submit(dmitry, a_card(Relation.FATHER, given_name="Мария", series="IV-ПЕ"))
    address = await opened(desk, row.number)
    page = await desk.press(address, papers_of(dmitry, row.card))
    assert page.status_code == 409
    assert "уже записаны за другим ребёнком" in desk.text
    assert (await home.look(row)).state is GuardianshipState.CHECKING


@pytest.mark.parametrize("number", ["", "AAAA-AAAA", "🙂", "x" * 3000, "4F7D-29GN' OR 1=1"])
async def test_a_number_that_is_none_finds_nothing(desk: Browser, number: str) -> None:
    """422 or 404 at the field, what was typed is kept."""
    await opened(desk, number)
    assert desk.path == "/centre/children"
    assert desk.page is not None
    assert desk.page.status_code in (404, 422)


async def test_an_address_opens_no_application(home: Home, desk: Browser, olga: Person) -> None:
    """Only the number does, said by who has it."""
    row = await home.submit(olga, a_card())
    assert (await desk.open(f"/centre/children/{row.id}")).status_code == 403
    assert "Алёна" not in desk.text


async def test_a_clerk_does_not_decide_about_the_own_child(home: Home, desk: Browser, lyudmila: Person) -> None:
    """Another clerk does."""
    row = await home.submit(lyudmila, a_card())
    await opened(desk, row.number)
    assert "Решение о вашей семье принимает другой сотрудник" in desk.text


async def test_the_desk_is_closed_to_citizens_and_to_dismissed_clerks(
    home: Home, desk: Browser, olga: Person, lyudmila: Person
) -> None:
    """By GET and by POST."""
    row = await home.submit(olga, a_card())
    address = await opened(desk, row.number)
    async with home.db.transaction() as tx:
        await centre.dismiss(tx, lyudmila.id, actor="system", now=clock.now())
    await refused(desk, address)
    await desk.sign_in(olga)
    await refused(desk, address)
    assert (await home.look(row)).state is GuardianshipState.CHECKING


async def refused(desk: Browser, address: str) -> None:
    for path in ("/centre/children", address):
        assert (await desk.open(path)).status_code == 403
    for path, fields in (("/centre/children", {"number": "x"}), (address, {"face": "1"}), (f"{address}/refuse", {})):
        await desk.open("/family/add")
        said: Any = await desk.press(path, fields)
        assert said.status_code == 403, path
