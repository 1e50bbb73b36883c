"""The numbers are right over a generated history, fresh within a minute, and tell of nobody."""

import random
import statistics
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from myschool.gosuslugi.app import house, routes
from myschool.gosuslugi.checks import store as check_store
from myschool.gosuslugi.checks.model import DECIDED, CheckKind, CheckState
from myschool.gosuslugi.checks.store import registry_check
from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.operating import metrics
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.signin.passwords import Passwords
from myschool.kit import agenda, clock
from myschool.kit.ids import new_id
from myschool.kit.settings import Settings
from myschool.kit.web.app import build
from myschool.papers.matching import Field, How
from tests.gosuslugi.checks.registry_fake import agreeing
from tests.gosuslugi.family.browser import ORIGIN, Browser
from tests.gosuslugi.family.conftest import Home, a_card

Row = dict[str, object]


def generated(now: datetime, many: int) -> list[Row]:
    """Checks of all kinds, states and ages, the same in every run."""
    chance = random.Random(4)
    rows: list[Row] = []
    for _ in range(many):
        state = chance.choice([one for one in CheckState if one is not CheckState.DRAFT])
        sent = now - timedelta(minutes=chance.randint(1, 60 * 24 * 45))
        since = sent + (now - sent) * chance.random()
        fields = chance.sample([Field.GIVEN_NAME, Field.BIRTH_DATE, Field.SEX], chance.randint(1, 2))
        rows.append(
            {
                "id": new_id(),
                "kind": chance.choice(list(CheckKind)).value,
                "subject_id": new_id(),
                "revision": 1,
                "state": state.value,
                "claim_sealed": b"",
                "claim_index": b"",
                "differing": " ".join(fields) if state is CheckState.CONTRADICTED else "",
                "created_at": sent,
                "since": since,
                "sent_at": sent,
                "due_at": sent + timedelta(days=7),
                "ends_at": sent + timedelta(days=30),
                "reference": None,
                "tries": 0,
            }
        )
    return rows


async def test_the_numbers_are_those_of_the_rows(home: Home) -> None:
    """Counted again by hand: by kind and state, ages, past due, reasons, days, times to decision."""
    now = clock.now()
    rows = generated(now, 1200)
    async with home.db.transaction() as tx:
        await tx.execute(insert(registry_check), rows)
        counted = (await operating.count(tx, now)).checks

    def ages(kind: str, state: str) -> list[float]:
        return [(now - row["sent_at"]).total_seconds() for row in rows if (row["kind"], row["state"]) == (kind, state)]  # type: ignore[operator]

    assert {(one.kind, one.state): one.count for one in counted.standings} == Counter(
        (row["kind"], row["state"]) for row in rows
    )
    for one in counted.standings:
        known = ages(one.kind, one.state)
        assert abs(one.median - statistics.median(known)) < 1
        assert abs(one.oldest - max(known)) < 1
        assert sum(one.ages.values()) == one.count
        assert one.ages["day"] == sum(age < 86400 for age in known)
        assert one.ages["older"] == sum(age >= 30 * 86400 for age in known)
        late = one.state in ("sent", "checking", "unavailable", "overdue")
        assert one.past_due == (sum(age >= 7 * 86400 for age in known) if late else 0)
    recent = [row for row in rows if row["since"] >= now - timedelta(days=30)]  # type: ignore[operator]
    reasons = Counter(
        (row["kind"], field)
        for row in recent
        for field in (str(row["differing"]).split() or [row["state"]])
        if row["state"] in ("contradicted", "not_found", "expired", "unavailable")
    )
    assert {(kind, reason): count for kind, reason, count in counted.reasons} == reasons
    decided = [row for row in rows if CheckState(str(row["state"])) in DECIDED]
    assert sum(count for _, count in counted.answers) == sum(
        row["since"] >= now - timedelta(days=14)  # type: ignore[operator]
        for row in decided
    )
    for pace in counted.paces:
        took = sorted(
            (row["since"] - row["sent_at"]).total_seconds()  # type: ignore[operator]
            for row in decided
            if row["kind"] == pace.kind and row in recent
        )
        assert pace.decided == len(took)
        assert abs(pace.p50 - statistics.median(took)) < 1
        assert took[int(len(took) * 0.94) - 1] <= pace.p95 <= took[-1]


async def test_the_page_tells_what_waits_and_names_nobody(home: Home, desk: Browser, olga: Person) -> None:
    """A card that waits, one that differs: numbers, words, and neither a name nor a number of a paper."""
    row = await home.submit(olga, a_card())
    await home.answer_snils(row, given_name=How.DIFFERS)
    await desk.open("/operator")
    for told in ("Проверок ждут ответа 1", "данные расходятся", "СНИЛС имя 1", "Представительства", "Очередь дел"):
        assert told in desk.text
    assert desk.page is not None
    for hidden in ("Алёна", "Смирнова", "600101", "00000060101", "000-000-601", "pochta.example", str(row.id)):
        assert hidden not in desk.page.text


async def test_old_numbers_are_shown_and_counted_anew_once_for_the_next_look(
    home: Home, desk: Browser, olga: Person
) -> None:
    """A look costs a row; ten looks in a minute put one count."""
    await desk.open("/operator")
    await home.submit(olga, a_card())
    await desk.open("/operator")
    assert "Проверок ждут ответа 0" in desk.text, "fresh for a minute"
    home.clock.advance(timedelta(minutes=1))
    for _ in range(10):
        await desk.open("/operator")
    assert "Проверок ждут ответа 0" in desk.text
    await home.work()
    await desk.open("/operator")
    assert "Проверок ждут ответа 2" in desk.text


async def test_ten_looks_put_one_count(home: Home, desk: Browser) -> None:
    """And a house that nobody looks at counts nothing."""
    await desk.open("/operator")
    home.clock.advance(timedelta(minutes=1))
    for _ in range(10):
        await desk.open("/operator")
    (queued,) = [one for one in await home.db.run(agenda.counts) if one.kind == "operating.numbers_due"]
    assert queued.count == 1


async def test_a_check_that_hangs_is_asked_once_more(home: Home, desk: Browser, olga: Person, vera: Person) -> None:
    """The registry has an answer that never reached us: one press brings it, and five presses are one."""
    row = await home.submit(olga, a_card())
    await home.answer_snils(row)
    await home.work(timedelta(days=9))
    await desk.sign_in(vera)
    await desk.open("/operator")
    assert "срок прошёл" in desk.text
    check = await home.check(row)
    home.registry.decide(
        check.id, agreeing(await home.db.run(lambda tx: check_store.claim_of(tx, home.vault, check.id)))
    )
    for _ in range(5):
        await desk.open("/operator")
        await desk.press(f"/operator/checks/{check.id}/once-more")
    assert "Спрашивать не нужно" in desk.text
    await home.work()
    assert (await home.look(row)).child_id is not None


async def test_a_check_that_is_over_is_not_asked(home: Home, desk: Browser, olga: Person) -> None:
    """Replayed after the answer."""
    row = await home.confirmed(olga)
    check, before = await home.check(row), home.registry.asked
    await desk.open("/display")
    await desk.press(f"/operator/checks/{check.id}/once-more")
    await home.work()
    assert (home.registry.asked, (await home.check(row)).state) == (before, CheckState.CONFIRMED)


async def test_monitoring_reads_the_same_numbers_with_the_token(home: Home, olga: Person, tmp_path: Path) -> None:
    """And nothing else: labels are words of ours."""
    await home.submit(olga, a_card())
    settings = Settings(home=tmp_path, gosuslugi_url=ORIGIN, metrics_token="a-long-token-of-the-monitoring")
    app = build(house(settings, home.db, home.vault), routes(Passwords(threads=1), ProviderKeys.of(ORIGIN)))
    browser = Browser.of(app)
    shown = {"Authorization": "Bearer a-long-token-of-the-monitoring"}
    answer = await browser.client.get("/operator/metrics", headers=shown)
    assert answer.status_code == 200
    assert 'myschool_checks{kind="snils",state="checking"} 1' in answer.text
    assert "myschool_numbers_age_seconds 0" in answer.text
    assert 'myschool_guardianships{state="checking"} 1' in answer.text
    assert (await browser.client.get("/operator/metrics", headers={"Authorization": "Bearer no"})).status_code == 404
    numbers = await home.db.run(lambda tx: operating.numbers(tx, clock.now()))
    assert answer.text == metrics.text(numbers, clock.now())
