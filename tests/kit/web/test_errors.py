"""What goes wrong is said in Russian, with a number under which the log tells more, and never too much."""

import asyncpg
import pytest
from sqlalchemy import text

from myschool.kit.db import DatabaseUnavailable, OutcomeUnknown, PoolExhausted
from myschool.kit.web.visit import Visit
from tests.kit.web.conftest import TestHouse, csrf_of

PAGES = [
    ("GET", "/nowhere", 404, "Страница не найдена"),
    ("POST", "/secret", 405, "Так эту страницу открыть нельзя"),
    ("GET", "/broken", 500, "Ошибка на нашей стороне"),
    ("GET", "/forbidden", 403, "Позовите взрослого."),
    ("GET", "/often", 429, "Слишком много попыток"),
    ("GET", "/whoever/17", 404, "Страница не найдена"),
    ("GET", "/?a=%00", 400, "Запрос не понят"),
]


@pytest.mark.parametrize(("method", "path", "status", "words"), PAGES)
async def test_the_page_and_the_log_share_a_number(
    test_house: TestHouse, method: str, path: str, status: int, words: str
) -> None:
    """The number on the page, in the header and in the log line of this request is one, and of this request only."""
    browser = test_house.browser()
    await browser.get("/")
    answer = await browser.http.request(method, path)
    trace = answer.headers["X-Trace"]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert words in answer.text
    assert f'<span class="number">{trace}</span>' in answer.text
    [line] = [line for line in test_house.lines() if line["event"] == "request" and line["trace"] == trace]
    assert line["status"] == status
    assert line["method"] == method
    assert line["level"] == "info"
    assert line["ms"] >= 0


async def test_the_log_knows_the_pattern_and_not_the_path(test_house: TestHouse) -> None:
    """A number in an address, and what was searched for, stay out of the log."""
    browser = test_house.browser()
    await browser.get("/whoever/112-233-445-95?q=Смирнова")
    await browser.get("/nowhere/Смирнова")
    assert [line["route"] for line in test_house.lines()] == ["/whoever/{id}", ""]
    assert "112-233" not in test_house.log.getvalue()
    assert "Смирнова" not in test_house.log.getvalue()


async def test_the_words_of_an_error_reach_neither_page_nor_log(test_house: TestHouse) -> None:
    """The log names the class of the error and the place; the number and the name in its text stay out."""
    answer = await test_house.browser().get("/broken")
    assert "112-233" not in answer.text
    assert "112-233" not in test_house.log.getvalue()
    [line] = [line for line in test_house.lines() if line["event"] == "request_failed"]
    assert line["trace"] == answer.headers["X-Trace"]
    assert line["error"] == ["ValueError"]
    assert any("broken" in place for place in line["at"])


async def test_what_the_database_quotes_stays_out(test_house: TestHouse) -> None:
    """A failing statement has its parameters neither in the log nor on the page."""

    async def insert(visit: Visit) -> None:
        await visit.tx.execute(text("SELECT CAST(:typed AS INTEGER)"), {"typed": "Смирнова 112-233-445 95"})

    async def quoted(visit: Visit) -> None:
        await visit.tx.execute(text("SELECT CAST('Смирнова' AS INTEGER)"))

    for trouble in (insert, quoted):
        test_house.rooms.when = trouble
        answer = await test_house.browser().send("/")
        assert answer.status_code == 500
        assert "Смирнова" not in answer.text + test_house.log.getvalue()
        assert "112-233" not in test_house.log.getvalue()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DatabaseUnavailable("postgres://user:secret@db"), "Ничего не потеряно и не сохранено"),
        (PoolExhausted(), "Ничего не потеряно и не сохранено"),
        (OutcomeUnknown(), "Связь прервалась в момент сохранения"),
    ],
)
async def test_a_lost_database_is_said_honestly(test_house: TestHouse, error: Exception, words: str) -> None:
    """«Nothing was saved» is said only when it is known; otherwise the page says how to find out."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))

    async def gone(_visit: Visit) -> None:
        raise error

    test_house.rooms.when = gone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("myschool.kit.db.pause", lambda _attempt: 0.0)
        answer = await browser.post("/", {"csrf": token})
    assert answer.status_code == 503
    assert words in answer.text
    assert "secret" not in test_house.log.getvalue()


async def test_a_conflict_is_repeated_with_one_effect_and_one_answer(test_house: TestHouse) -> None:
    """After a serialization failure the handler runs anew; what the first run wrote is not there twice."""
    tries = 0

    async def conflict_once(visit: Visit) -> None:
        nonlocal tries
        tries += 1
        await visit.tx.execute(text("INSERT INTO throttle VALUES (:key, 1, now())"), {"key": b"effect"})
        visit.session.put("tries", tries)
        if tries == 1:
            raise asyncpg.SerializationError("could not serialize access")

    test_house.rooms.when = conflict_once
    browser = test_house.browser()
    answer = await browser.send("/")
    assert (answer.status_code, answer.headers["location"], tries) == (303, "/", 2)
    async with test_house.db.transaction() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM throttle"))).scalar_one() == 1
    assert len(await test_house.rows()) == 1
    assert (await browser.get("/")).text.count("Записано") == 1


async def test_health_tells_a_lost_database(test_house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alive is not ready: without its database the house asks to be left out of the rotation."""

    async def lost(*_: object, **__: object) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(test_house.db, "run", lost)
    browser = test_house.browser()
    assert (await browser.get("/health/live")).status_code == 200
    assert (await browser.get("/health/ready")).status_code == 503


async def test_even_a_page_that_can_not_be_drawn_is_answered(test_house: TestHouse) -> None:
    """When drawing the error page fails too, plain words with the number remain."""

    def broken_nav(_visit: Visit) -> list[object]:
        raise KeyError("Ольга")

    test_house.house.nav = broken_nav  # type: ignore[assignment]
    answer = await test_house.browser().get("/")
    assert answer.status_code == 500
    assert answer.headers["X-Trace"] in answer.text
    assert "Ошибка на нашей стороне" in answer.text
    assert "nosniff" in answer.headers["X-Content-Type-Options"]
    assert "Ольга" not in test_house.log.getvalue()


async def test_too_many_tries_say_when_to_come_back(test_house: TestHouse) -> None:
    """429 tells people in minutes and machines in seconds."""
    answer = await test_house.browser().get("/often")
    assert answer.headers["Retry-After"] == "90"
    assert "через 2 мин" in answer.text.replace("\xa0", " ")


async def test_what_may_be_done_here_is_named(test_house: TestHouse) -> None:
    """405 names the methods that the address takes."""
    answer = await test_house.browser().http.options("/note")
    assert {method.strip() for method in answer.headers["Allow"].split(",")} == {"GET", "HEAD", "POST"}


async def test_one_request_inside_another_keeps_its_own_number(test_house: TestHouse) -> None:
    """A house that is asked in the middle of another request gives the number back afterwards."""
    inner = test_house.browser()

    async def ask_within(_visit: Visit) -> None:
        await inner.get("/secret")

    test_house.rooms.when = ask_within
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    answer = await browser.post("/", {"csrf": token})
    [outer] = [line for line in test_house.lines() if line["event"] == "request" and line["method"] == "POST"]
    assert outer["trace"] == answer.headers["X-Trace"]
