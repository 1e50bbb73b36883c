"""Pages and API of the directory over HTTP: what people find, what they type, what operators answer."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.letters import letter
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web import sessions
from myschool.kit.web.app import build
from myschool.kit.web.errors import Forbidden
from myschool.kit.web.sessions import Session
from myschool.kit.web.visit import Visit
from myschool.portal import app as portal_app
from myschool.portal.schools import api, operator_pages, pages, store, store_missing
from myschool.portal.schools.actions import Directory, ask
from myschool.portal.schools.missing import MissingState
from myschool.portal.schools.model import SchoolKind, SchoolState
from myschool.portal.tables import metadata
from tests.conftest import MakeDb
from tests.portal.schools.rows import PETERSBURG_5, SCHOOLS, TULA_5, ogrn, school

PORTAL = "https://portal.test"
OPERATOR, VISITOR = UUID(int=1), UUID(int=2)
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')
CLOSED = school(900, "Закрытая школа № 900", kind=SchoolKind.SCHOOL, state=SchoolState.LIQUIDATED)
MERGED = school(
    901, "Присоединённая школа № 901", kind=SchoolKind.SCHOOL, state=SchoolState.REORGANISED, successor=TULA_5.ogrn
)


@dataclass
class Portal:
    db: Database
    vault: Vault
    http: httpx.AsyncClient

    async def get(self, path: str, **more: object) -> httpx.Response:
        return await self.http.get(PORTAL + path, **more)  # type: ignore[arg-type]

    async def search(self, query: str, more: str = "", **headers: str) -> httpx.Response:
        return await self.get(f"{api.PATH}?q={quote(query)}{more}", headers=headers)

    async def names(self, query: str, more: str = "") -> list[str]:
        return [found["ogrn"] for found in (await self.search(query, more)).json()["schools"]]

    async def send(self, path: str, fields: dict[str, str], once: str = "") -> httpx.Response:
        """Opens the page and sends its form."""
        page = await self.get(path)
        token = CSRF.search(page.text)
        made = ONCE.search(page.text)
        assert token
        hidden = {"csrf": token[1], "once": once or (made[1] if made else "")}
        return await self.http.post(PORTAL + path, data=hidden | fields, headers={"Origin": PORTAL})

    async def sign_in(self, person_id: UUID) -> None:
        session, now = Session.fresh(), clock.now()
        session.sign_in(person_id, "Кто-то", now)
        await self.db.run(lambda tx: sessions.save(tx, self.vault, session, "test", now, timedelta(minutes=30)))
        self.http.cookies.set("__Host-portal", session.token, domain="portal.test", path="/")


async def only_the_operator(visit: Visit) -> UUID:
    if visit.person_id != OPERATOR:
        raise Forbidden("no")
    return visit.person_id


@pytest.fixture
async def portal(make_db: MakeDb, tmp_path: Path) -> Portal:
    db = await make_db(ground, metadata)
    now = clock.now()

    async def fill(tx) -> None:
        await store.lock(tx)
        await store.write(tx, [*SCHOOLS, CLOSED, MERGED], "test", 1, now)
        await store.raise_version(tx, 1)

    await db.run(fill)
    vault = Vault([VaultKey.fresh()])
    settings = configuration.read({"MYSCHOOL_HOME": str(tmp_path), "MYSCHOOL_PORTAL_URL": PORTAL})
    directory = Directory()
    routes = [
        *api.routes(directory),
        *pages.routes(directory),
        *operator_pages.routes(directory, only_the_operator),
    ]
    app = build(portal_app.house(settings, db, vault), routes)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return Portal(db, vault, httpx.AsyncClient(transport=transport))


# -- the API -----------------------------------------------------------------------------------------------------------


async def test_the_field_is_suggested_schools(portal: Portal) -> None:
    """Each suggestion carries what the option shows, best first."""
    answer = (await portal.search("шк 5 тула")).json()
    assert answer["query"] == "шк 5 тула"
    assert answer["schools"][0] == {
        "ogrn": TULA_5.ogrn.digits,
        "name": "МБОУ СОШ № 5",
        "full_name": TULA_5.full_name,
        "place": TULA_5.address,
        "inn": TULA_5.inn and TULA_5.inn.digits,
    }


async def test_a_region_narrows_and_a_near_one_only_prefers(portal: Portal) -> None:
    """`region` leaves out other regions; `near` puts its own first."""
    assert await portal.names("школа 5", "&region=78") == [PETERSBURG_5.ogrn.digits]
    assert (await portal.names("школа 5", "&near=78"))[0] == PETERSBURG_5.ogrn.digits
    assert TULA_5.ogrn.digits in await portal.names("школа 5", "&near=78")


async def test_pupils_are_suggested_schools_that_take_them(portal: Portal) -> None:
    """A closed school, a kindergarten and a centre are not offered to pupils."""
    assert CLOSED.ogrn.digits in await portal.names("школа 900")
    assert CLOSED.ogrn.digits not in await portal.names("школа 900", "&pupils=1")
    kindergarten = await portal.names("детский сад 5 тула", "&pupils=1")
    assert all(one in (TULA_5.ogrn.digits, PETERSBURG_5.ogrn.digits) for one in kindergarten)


async def test_a_known_answer_is_not_sent_again(portal: Portal) -> None:
    """The tag of an answer brings 304 until the question or the directory is another."""
    first = await portal.search("школа 5")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    tag = first.headers["ETag"]
    assert (await portal.search("школа 5", **{"If-None-Match": tag})).status_code == 304
    assert (await portal.search("школа 12", **{"If-None-Match": tag})).status_code == 200
    assert (await portal.search("школа 5", "&region=71", **{"If-None-Match": tag})).status_code == 200


async def test_a_changed_directory_has_other_tags(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an import nobody keeps an old answer by its tag."""
    monkeypatch.setattr("myschool.portal.schools.directory.ASKED_EVERY", 0.0)
    tag = (await portal.search("школа 77")).headers["ETag"]

    async def add(tx) -> None:
        await store.write(tx, [school(77, "Школа № 77")], "test", 2, clock.now())
        await store.raise_version(tx, 2)

    await portal.db.run(add)
    again = await portal.search("школа 77", **{"If-None-Match": tag})
    assert again.status_code == 200
    assert again.json()["schools"][0]["ogrn"] == ogrn(77)


async def test_who_asks_too_often_is_asked_to_wait(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit the answer is 429 with the time to come back, also on the page; nothing is kept in caches."""
    monkeypatch.setattr(ask, "MOST_QUESTIONS", 3)
    answers = [await portal.search("школа") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "10"
    assert answers[3].headers["Cache-Control"] == "no-store"
    page = await portal.get("/schools?q=школа")
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "10"
    assert "Подождите" in page.text


# -- pages -------------------------------------------------------------------------------------------------------------


async def test_a_school_is_found_without_script(portal: Portal) -> None:
    """The page of results has short name, full name, address, ИНН and a link to each school."""
    page = await portal.get("/schools?q=шк+5+тула")
    assert f'href="/schools/{TULA_5.ogrn.digits}"' in page.text
    for said in ("МБОУ СОШ № 5", "ул. Ленина, д. 12", str(TULA_5.inn and TULA_5.inn.digits)):
        assert said in page.text


async def test_what_is_not_found_leads_on(portal: Portal) -> None:
    """An empty result says what to try and offers «Моей школы нет в списке» with what was typed."""
    page = await portal.get("/schools?q=ъъъъъ")
    assert "ничего не нашлось" in page.text
    assert f"/schools/missing?q={quote('ъъъъъ')}" in page.text


async def test_a_merged_school_leads_to_its_successor(portal: Portal) -> None:
    """The page of a school that is no more names the one that stands in its place, and offers no request."""
    page = await portal.get(f"/schools/{MERGED.ogrn.digits}")
    assert f'href="/schools/{TULA_5.ogrn.digits}"' in page.text
    assert "Это моя школа" not in page.text


@pytest.mark.parametrize("path", [ogrn(999), "1027700000000", "abc", "0", "%00", "٣" * 13, "9" * 4000])
async def test_an_unknown_number_is_a_page_with_a_way_on(portal: Portal, path: str) -> None:
    """Unknown, wrong or nonsensical numbers: 404 with the way to the search."""
    page = await portal.get(f"/schools/{path}")
    assert page.status_code == 404
    assert 'href="/schools"' in page.text or "На главную" in page.text


BAD = [
    "",
    " ",
    "ш",
    "5",
    "школа " * 900,
    "а" * 10_000,
    "9" * 10_000,
    "🏫🏫🏫",
    "👨‍👩‍👧 школа",
    "' OR 1=1; DROP TABLE school; --",
    '"); DELETE FROM school;',
    "(.*)+$[а-я]{5,}\\d+(?P<x>",
    "((((((((((а*)*)*)*)*)*)*)*)*)*",
    "школа\x005",
    "\x00",
    "\u202eшкола 5\u202c\u200f",
    "и в на с имени",
    "г ул д р-н обл",
    "мәктәп Казан Вахитов районы",
    "secondary school number five in Tula",
    "<script>alert(1)</script>",
    "%s %d {} {{7*7}} ${x}",
    "-" * 500,
    "#" * 500,
    "\ud7ff\ufffe\uffff",
    "İıŁøß",
]


@pytest.mark.parametrize("query", BAD)
async def test_whatever_is_typed_is_answered(portal: Portal, query: str) -> None:
    """The API, the page and the form answer every text with a page or a list, and the schools are still there. An
    address with NUL in it is refused before."""
    expected = 400 if "\x00" in query else 200
    assert (await portal.search(query)).status_code == expected
    page = await portal.get(f"/schools?q={quote(query)}&region={quote(query[:50])}")
    assert page.status_code == expected
    assert len(page.content) < 30_000
    assert "<script>alert" not in page.text
    assert (await portal.get(f"/schools/missing?q={quote(query)}")).status_code == expected
    assert await portal.names("шк 5 тула")


async def test_bytes_that_are_no_text_are_answered(portal: Portal) -> None:
    """An address with broken UTF-8 and parameters given twice is no accident."""
    for address in (f"{api.PATH}?q=%ff%fe%d0", "/schools?q=%ff%fe%d0", f"{api.PATH}?q=1&q=2&region=71&region=xx"):
        assert (await portal.get(address)).status_code == 200


# -- «Моей школы нет в списке» -----------------------------------------------------------------------------------------

TOLD = {
    "name": "Школа № 5 «Радуга»",
    "region": "71",
    "settlement": "Тула",
    "note": "рядом с парком",
    "email": "mama@pochta.example",
    "asked": "шк 77",
}


async def told(portal: Portal) -> UUID:
    assert (await portal.send("/schools/missing", TOLD)).status_code == 303
    (one,) = await portal.db.run(lambda tx: store_missing.page(tx, portal.vault, answered=False, page=1, size=10))
    return one.id


async def test_a_missing_school_becomes_a_task(portal: Portal) -> None:
    """The person sees a number; the operator sees what was written and similar schools."""
    missing = await told(portal)
    await portal.sign_in(OPERATOR)
    page = await portal.get(f"/operator/schools/{missing}")
    for said in ("Школа № 5 «Радуга»", "Тульская область", "рядом с парком", "шк 77", "МБОУ СОШ № 5"):
        assert said in page.text
    assert TOLD["email"] not in page.text


async def test_a_second_press_makes_no_second_task(portal: Portal) -> None:
    """The same form twice is one message."""
    page = await portal.get("/schools/missing")
    once = ONCE.search(page.text)
    assert once
    first = await portal.send("/schools/missing", TOLD, once[1])
    second = await portal.send("/schools/missing", TOLD, once[1])
    assert first.headers["location"] == second.headers["location"]
    assert (await portal.db.run(store_missing.counts)) == (1, 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Напишите, как называется школа"),
        ("name", "а" * 301, "Сократите до 300 знаков"),
        ("region", "xx", "Выберите регион"),
        ("settlement", " ", "Напишите, в каком городе или селе школа"),
        ("email", "почта", "Проверьте адрес почты"),
        ("note", "а" * 1_001, "Сократите до 1000 знаков"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field(portal: Portal, field: str, value: str, sentence: str) -> None:
    """The form comes back with the sentence and everything that was typed."""
    page = await portal.send("/schools/missing", TOLD | {field: value})
    assert page.status_code == 422
    assert sentence in page.text
    assert ("mama@pochta.example" if field != "email" else "Радуга") in page.text
    assert (await portal.db.run(store_missing.counts)) == (0, 0)


async def test_a_flood_of_messages_is_stopped(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address sends only so many a day; what the next one wrote stays, with the time to come back."""
    monkeypatch.setattr(ask, "MOST_MESSAGES", 2)
    answers = [await portal.send("/schools/missing", TOLD) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert answers[2].headers["Retry-After"] == "86400"
    assert "Напишите нам завтра" in answers[2].text
    assert "mama@pochta.example" in answers[2].text


async def letter_to(portal: Portal) -> str:
    async def ask_for(tx) -> str:
        sealed = (await tx.execute(select(letter.c.sealed))).scalar_one()
        return str(json.loads(portal.vault.open(sealed, place="letter.sealed"))["text"])

    return await portal.db.run(ask_for)


async def test_the_operator_answers_by_letter(portal: Portal) -> None:
    """The letter names the school with a link; the address and the note are forgotten with the answer."""
    missing = await told(portal)
    await portal.sign_in(OPERATOR)
    path = f"/operator/schools/{missing}"
    answer = {"state": "found", "school": TULA_5.ogrn.digits, "words": "Она называется иначе."}
    assert (await portal.send(path, answer)).status_code == 303
    text = await letter_to(portal)
    assert f"{PORTAL}/schools/{TULA_5.ogrn.digits}" in text
    assert "Она называется иначе." in text
    assert "Радуга" not in text
    one = await portal.db.run(lambda tx: store_missing.load(tx, portal.vault, missing))
    assert one is not None
    assert (one.state, one.note) == (MissingState.FOUND, "")
    assert await portal.db.run(lambda tx: store_missing.email_of(tx, portal.vault, missing)) is None


async def test_the_second_operator_sees_what_the_first_answered(portal: Portal) -> None:
    """A second answer sends no second letter and changes nothing."""
    missing = await told(portal)
    await portal.sign_in(OPERATOR)
    path = f"/operator/schools/{missing}"
    page = await portal.get(path)
    token = CSRF.search(page.text)
    assert token
    for words in ("Такой школы нет.", "Другой ответ."):
        fields = {"csrf": token[1], "state": "refused", "words": words}
        await portal.http.post(PORTAL + path, data=fields, headers={"Origin": PORTAL})
    shown = await portal.get(path)
    assert "Такой школы нет." in shown.text
    assert "Другой ответ." not in shown.text
    assert "Такой школы нет." in await letter_to(portal)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"state": ""}, "Выберите ответ"),
        ({"state": "found", "school": ""}, "Укажите ОГРН школы"),
        ({"state": "found", "school": "123"}, "Проверьте ОГРН"),
        ({"state": "added", "school": ogrn(999)}, "Школы с таким ОГРН нет в справочнике"),
        ({"state": "refused", "words": ""}, "Напишите человеку, почему"),
    ],
)
async def test_an_answer_that_says_nothing_is_not_sent(portal: Portal, answer: dict[str, str], sentence: str) -> None:
    """Without a school or a reason there is no letter."""
    missing = await told(portal)
    await portal.sign_in(OPERATOR)
    page = await portal.send(f"/operator/schools/{missing}", answer)
    assert page.status_code == 422
    assert sentence in page.text
    assert (await portal.db.run(store_missing.counts)) == (1, 0)


@pytest.mark.parametrize("person", [None, VISITOR])
async def test_the_operators_desk_is_closed_to_others(portal: Portal, person: UUID | None) -> None:
    """Nobody else sees what families wrote, neither list nor message nor answer."""
    missing = await told(portal)
    if person:
        await portal.sign_in(person)
    for path in ("/operator/schools", f"/operator/schools/{missing}", f"/operator/schools/{new_id()}"):
        page = await portal.get(path)
        assert page.status_code in (303, 403)
        assert "Радуга" not in page.text


async def test_an_unknown_message_is_a_page(portal: Portal) -> None:
    """A number that is none of ours: 404 with the way back to the list."""
    await portal.sign_in(OPERATOR)
    page = await portal.get(f"/operator/schools/{new_id()}")
    assert page.status_code == 404
    assert "К списку" in page.text


async def test_the_list_has_tabs_with_counts(portal: Portal) -> None:
    """Open messages first; pages that do not exist are no accident."""
    await told(portal)
    await portal.sign_in(OPERATOR)
    assert "Школа № 5" in (await portal.get("/operator/schools")).text
    for page in ("0", "-1", "99999", "abc", "999999999999", "٣"):
        assert (await portal.get(f"/operator/schools?page={quote(page)}")).status_code == 200
    assert "Сообщений нет." in (await portal.get("/operator/schools?tab=answered")).text
