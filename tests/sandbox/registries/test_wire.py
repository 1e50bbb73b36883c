"""The registers over HTTP: asked once, answered late, told by a signed push, and silent about what they hold."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from myschool.kit import agenda, clock
from myschool.kit.shared_key import HEADER
from myschool.sandbox import cast
from myschool.sandbox.cast import CastChild, child, citizen
from myschool.sandbox.registries import desk, store
from myschool.sandbox.registries.records import certificate_document
from tests.conftest import ClockAt
from tests.sandbox.registries.conftest import CALLBACK, KEY, World

MONDAY = "2026-11-23T12:00:00+03:00"


def question(about: CastChild, **changed: str | None) -> dict[str, Any]:
    """What a parent asks about a child of the cast."""
    particulars = {
        "family_name": about.name.family_name,
        "given_name": about.name.given_name,
        "patronymic": about.name.patronymic,
        "birth_date": about.birth_date.isoformat(),
        "issued_on": about.certificate.issued_on.isoformat(),
    }
    return {
        "request_id": str(uuid4()),
        "kind": "birth_certificate",
        "claim": {"document": certificate_document(about.certificate), "particulars": particulars | changed},
        "callback_url": CALLBACK,
    }


async def asked(world: World, body: dict[str, Any]) -> str:
    answer = await world.http.post("/requests", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def state(world: World, reference: str) -> dict[str, Any]:
    answer = await world.http.get(f"/requests/{reference}")
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


async def test_a_question_is_answered_when_its_time_has_come(world: World, clock_at: ClockAt) -> None:
    """Pending for a quarter of an hour, then answered with a finding for each field."""
    clock = clock_at(MONDAY)
    reference = await asked(world, question(child("alyona")))
    clock.advance(timedelta(minutes=14, seconds=59))
    await world.worker.drain()
    assert (await state(world, reference))["state"] == "pending"
    clock.advance(timedelta(seconds=1))
    await world.worker.drain()
    said = await state(world, reference)
    assert said["state"] == "answered"
    assert said["evidence"]["type"] == "compared"
    assert {finding["how"] for finding in said["evidence"]["findings"]} == {"equal"}


async def test_the_answer_is_pushed_once_and_signed(world: World, clock_at: ClockAt) -> None:
    """The asker gets the same body that GET shows, under the shared key."""
    clock_at(MONDAY).advance(timedelta())
    reference = await asked(world, question(child("alyona")))
    await hurry(world, reference)
    (push,) = world.asker.pushed
    assert str(push.url) == CALLBACK
    KEY.check(push.headers[HEADER], push.content, clock.now())
    assert json.loads(push.content) == await state(world, reference)


async def test_a_timer_that_goes_off_twice_answers_once(world: World) -> None:
    """What was answered stays as it was answered, and is not told again."""
    reference = await asked(world, question(child("alyona")))
    await hurry(world, reference)
    before = await state(world, reference)
    await world.db.run(lambda tx: agenda.put(tx, desk.AnswerDue(question_id=UUID(reference))))
    await world.worker.drain()
    assert await state(world, reference) == before
    assert len(world.asker.pushed) == 1


async def test_a_repeated_question_is_the_same_question(world: World, clock_at: ClockAt) -> None:
    """The same number again, even after the answer; nothing is answered or pushed twice."""
    clock_at(MONDAY)
    body = question(child("alyona"))
    reference = await asked(world, body)
    assert await asked(world, body) == reference
    await hurry(world, reference)
    assert await asked(world, body) == reference
    await world.worker.drain()
    assert len(world.asker.pushed) == 1


async def test_a_hundred_repetitions_at_once_are_one_question(world: World) -> None:
    """Whoever comes second reads what the first wrote."""
    body = question(child("alyona"))
    references = await asyncio.gather(*(asked(world, body) for _ in range(100)))
    assert len(set(references)) == 1
    async with world.db.transaction() as tx:
        kept = await tx.execute(
            text("SELECT (SELECT count(*) FROM registry_question), (SELECT count(*) FROM agenda_item)")
        )
        assert tuple(kept.one()) == (1, 1)


async def test_a_request_id_is_not_used_for_another_question(world: World) -> None:
    """409, and the first question stays."""
    body = question(child("alyona"))
    await asked(world, body)
    other = question(child("egor")) | {"request_id": body["request_id"]}
    assert (await world.http.post("/requests", json=other)).status_code == 409


async def test_an_unknown_certificate_has_no_record(world: World) -> None:
    """Matvey's, and any that was mistyped."""
    for body in (question(child("matvey")), mistyped()):
        reference = await asked(world, body)
        await hurry(world, reference)
        assert (await state(world, reference))["evidence"] == {"type": "no_record"}


async def test_a_differing_name_is_named_and_never_told(world: World) -> None:
    """Natalya of the claim against Natalya-Maria of the register: the field, not the value."""
    reference = await asked(world, question(child("natalia")))
    await hurry(world, reference)
    answer = await world.http.get(f"/requests/{reference}")
    differing = [one["field"] for one in answer.json()["evidence"]["findings"] if one["how"] != "equal"]
    assert differing == ["given_name"]
    assert "Наталья-Мария" not in answer.text
    assert "Наталья-Мария".encode() not in world.asker.pushed[-1].content


async def test_the_silent_register_outlasts_its_promise(world: World, clock_at: ClockAt) -> None:
    """Anna-Maria: still pending when the promised day is over, answered a working day later."""
    moving = clock_at(MONDAY)
    body = question(child("anna-maria"))
    reference = await asked(world, body)
    promised_by = (await state(world, reference))["promised_by"]
    assert promised_by == "2026-11-30T21:00:00Z"
    moving.advance(timedelta(days=7, hours=13))
    await world.worker.drain()
    assert clock.now().isoformat() > promised_by
    assert (await state(world, reference))["state"] == "pending"
    moving.advance(timedelta(days=1))
    await world.worker.drain()
    assert (await state(world, reference))["state"] == "answered"


async def test_a_register_out_of_service_takes_the_fourth_try(world: World) -> None:
    """Timur: three times 503 with a time to come again, then accepted."""
    body = question(child("timur"))
    for _ in range(3):
        answer = await world.http.post("/requests", json=body)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
    await asked(world, body)


async def test_a_doubled_push_comes_twice(world: World) -> None:
    """Sofia: the asker must be ready for an answer that comes again."""
    await hurry(world, await asked(world, question(child("sofia"))))
    first, second = world.asker.pushed
    assert first.content == second.content


async def test_a_push_is_repeated_until_the_asker_takes_it(world: World, clock_at: ClockAt) -> None:
    """A house that is down gets its answer when it is up again."""
    moving = clock_at(MONDAY)
    world.asker.status = 503
    await hurry(world, await asked(world, question(child("alyona"))))
    assert len(world.asker.pushed) == 1
    world.asker.status = 200
    moving.advance(timedelta(minutes=5))
    await world.worker.drain()
    assert len(world.asker.pushed) == 2
    moving.advance(timedelta(days=1))
    await world.worker.drain()
    assert len(world.asker.pushed) == 2


async def test_without_a_callback_nobody_is_called(world: World) -> None:
    """An asker may prefer to look."""
    body = question(child("alyona")) | {"callback_url": None}
    reference = await asked(world, body)
    await hurry(world, reference)
    assert world.asker.pushed == []
    assert (await state(world, reference))["state"] == "answered"


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/x", "https://localhost:8001/x", "http://169.254.169.254/", "file:///etc/passwd", "x"]
)
async def test_a_strangers_callback_is_refused(world: World, url: str) -> None:
    """The register calls its registered asker only."""
    answer = await world.http.post("/requests", json=question(child("alyona")) | {"callback_url": url})
    assert answer.status_code == 422


async def test_passports_and_snils_are_checked_in_the_same_manner(world: World) -> None:
    """Darya's papers: the passport agrees, and a СНИЛС of somebody else does not."""
    darya, olga = citizen("darya"), citizen("olga")
    assert darya.passport is not None
    person = {
        "family_name": "Новикова",
        "given_name": "Дарья",
        "patronymic": "Алексеевна",
        "birth_date": darya.birth_date.isoformat(),
    }
    number = darya.passport.number
    passport = {
        "request_id": str(uuid4()),
        "kind": "passport",
        "claim": {
            "document": {"series": number.series, "number": number.number},
            "particulars": person | {"department_code": "000001"},
        },
    }
    snils = {
        "request_id": str(uuid4()),
        "kind": "snils",
        "claim": {"document": {"snils": olga.snils.digits}, "particulars": person},
    }
    hows = []
    for body in (passport, snils):
        reference = await asked(world, body)
        await hurry(world, reference)
        hows.append({one["how"] for one in (await state(world, reference))["evidence"]["findings"]})
    assert hows == [{"equal"}, {"differs"}]


async def test_malformed_questions_and_unknown_numbers_are_told_apart(world: World) -> None:
    """400, 413 and 404, each in JSON."""
    assert (await world.http.post("/requests", content=b"{")).status_code == 400
    assert (await world.http.post("/requests", content=b" " * 80_000)).status_code == 413
    assert (await world.http.get(f"/requests/{uuid4()}")).json() == {"error": "no_such_request"}


async def test_what_is_kept_is_sealed(world: World) -> None:
    """Neither a claim nor a record stands readable in the database."""
    await asked(world, question(child("alyona")))
    async with world.db.transaction() as tx:
        for table in ("registry_question", "registry_entry"):
            rows = await tx.execute(text(f"SELECT CAST(t AS text) FROM {table} t"))
            dump = "".join(rows.scalars())
            assert "600101" not in dump
            assert "Смирнова".encode().hex() not in dump


async def test_the_page_shows_questions_and_can_hurry_an_answer(world: World) -> None:
    """The curious developer sees the state and presses «Ответить сейчас»."""
    body = question(child("alyona"))
    reference = await asked(world, body)
    page = await world.http.get("/")
    assert page.status_code == 200
    assert body["request_id"] in page.text.replace("<wbr>", "")
    assert "Реестр думает" in page.text
    assert "Алёна Смирнова. ЗАГС подтвердит" in page.text
    assert (await pressed(world, f"/requests/{reference}/answer-now")).status_code == 303
    await world.worker.drain()
    assert (await state(world, reference))["state"] == "answered"
    assert "Сведения совпали" in (await world.http.get("/")).text


async def test_playing_the_cast_in_again_changes_nothing(world: World) -> None:
    """A second start finds the same registers."""
    before = await world.db.run(store.abouts)
    await world.db.run(lambda tx: desk.play_in(tx, world.vault, cast.registry_entries()))
    assert await world.db.run(store.abouts) == before


async def test_a_made_up_person_can_be_entered_and_is_then_confirmed(world: World) -> None:
    """«Внести такую запись»: the same claim agrees from now on, another parent's does not."""
    made_up = mistyped()
    made_up["claim"]["particulars"] |= {"parent_family_name": "Тестова", "parent_given_name": "Анна"}
    reference = await asked(world, made_up)
    assert (await pressed(world, f"/requests/{reference}/enter")).status_code == 303
    await hurry(world, reference)
    assert {one["how"] for one in (await state(world, reference))["evidence"]["findings"]} == {"equal"}
    stranger = made_up | {"request_id": str(uuid4())}
    stranger["claim"]["particulars"] |= {"parent_given_name": "Ольга"}
    again = await asked(world, stranger)
    await hurry(world, again)
    said = (await state(world, again))["evidence"]["findings"]
    assert [one["field"] for one in said if one["how"] != "equal"] == ["parent_given_name"]


async def test_a_record_of_the_cast_is_not_overwritten(world: World) -> None:
    """Natalya's wrong name can not be entered over the register's."""
    reference = await asked(world, question(child("natalia")))
    assert (await pressed(world, f"/requests/{reference}/enter")).status_code == 409
    await hurry(world, reference)
    assert "differs" in str(await state(world, reference)) or "close" in str(await state(world, reference))


async def pressed(world: World, path: str, **fields: str) -> httpx.Response:
    """A button of the page, as a browser presses it."""
    page = await world.http.get("/")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    # The cookie is for secure origins; a browser counts localhost as one, this client does not.
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in page.cookies.items())}
    return await world.http.post(path, data={"csrf": token, **fields}, headers=cookie)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, True),
        ({"act_number": "18"}, False),
        ({"act_number": "1"}, False),
        ({"act_number": "%"}, False),
        ({"act_number": None}, False),
        ({"act_date": "2015-01-15"}, False),
        ({"birth_date": "2014-12-31"}, False),
    ],
)
async def test_a_certificate_issued_again_is_found_by_the_whole_act_record(
    world: World, changed: dict[str, str | None], found: bool
) -> None:
    """Number, date and birth date, letter by letter; by a part, a sign or two of three nobody fishes."""
    paper = child("anna-maria").certificate
    assert paper.act_date is not None
    act = {"act_number": paper.act_number, "act_date": paper.act_date.isoformat()}
    body = question(child("anna-maria"), **(act | changed))
    body["claim"]["document"]["number"] = "600199"
    reference = await asked(world, body)
    await hurry(world, reference)
    evidence = (await state(world, reference))["evidence"]
    assert evidence["type"] == ("compared" if found else "no_record")
    assert ({"field": "document", "how": "differs"} in evidence.get("findings", [])) is found


def mistyped() -> dict[str, Any]:
    body = question(child("alyona"))
    body["claim"]["document"]["number"] = "600110"
    return body


async def hurry(world: World, reference: str) -> None:
    """As «Ответить сейчас» does, then everything due is done."""
    assert await world.db.run(lambda tx: desk.answer_now(tx, UUID(reference), clock.now()))
    await world.worker.drain()
