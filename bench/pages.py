"""Server time of the five main pages, one request after another over one connection.

    python -m bench.pages [requests]

Signs in through the real pages with codes from the mailbox. Scenarios: `page.portal_main` (nobody signed in),
`page.login` (the portal's sign-in page), `page.cabinet` (a pupil's), `page.school_search` (a query typed in the
pupil's wizard), `page.queue` (an administrator's, 200 requests waiting).
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlencode

import httpx

from bench.measure import Measured, percentile, report
from bench.stack import Stack
from bench.visitor import Visitor, said
from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.db import Tx
from myschool.kit.opening import open_database, open_vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Ogrn
from myschool.portal.joining.actions import submit
from myschool.portal.joining.model import Wish
from myschool.portal.people import actions as people
from myschool.portal.people.model import Level, Profile, Sex, ToldPerson
from myschool.portal.roll.model import SchoolClass, year_of_request

REQUESTS = 300
WARM_UP = 20
WAITING = 200
QUERY = "шк 148 красноярск"


def code_for(client: httpx.Client, mailbox: str, address: str, after: int) -> str:
    """Waits until message `after` + 1 with a code has come."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        codes = codes_of(client, mailbox, address)
        if len(codes) > after:
            return codes[0]
        time.sleep(0.05)
    raise RuntimeError(f"no code came to {address}")


def codes_of(client: httpx.Client, mailbox: str, address: str) -> list[str]:
    """The newest first."""
    found = client.get(f"{mailbox}/api/messages?{urlencode({'to': address})}").json()
    return [message["code"] for message in found if message["code"]]


def come(stack: Stack, citizen: dict[str, Any], profile: str) -> Visitor:
    """The whole way: «Войти», Госуслуги, code, «Предоставить», profile, main page."""
    visitor, mailbox = Visitor(), stack.ready["mailbox"]
    page = visitor.get(f"{stack.ready['portal']}/login")
    page = visitor.send(page, next="/")
    before = len(codes_of(visitor.client, mailbox, citizen["phone"]))
    page = visitor.send(page, login=citizen["sign_in"], password=citizen["password"])
    page = visitor.send(page, code=code_for(visitor.client, mailbox, citizen["phone"], before))
    if "Предоставление прав доступа" in page.text:
        page = visitor.send(page, answer="grant")
    if "Завершение регистрации" in page.text:
        page = visitor.send(page, profile=profile, agreed="1")
    if "Здравствуйте" not in page.text:
        raise RuntimeError(f"not signed in: {page.url} {said(page)}")
    return visitor


async def fill_queue(stack: Stack, school: str) -> None:
    """Pupils who wait for this school's answer, beside those who already do."""
    settings = configuration.read({"MYSCHOOL_HOME": str(stack.home)})
    db, vault, now = open_database(settings, "portal", pool_size=1), open_vault(settings), clock.now()

    async def ask(tx: Tx, number: int) -> None:
        told = ToldPerson(
            oid=2_000_000_000 + number,
            name=FullName(f"Очередной{'а' * (number % 7)}", "Вера"),
            level=Level.CONFIRMED,
            birth_date=date(2011, 1 + number % 12, 1 + number % 28),
            sex=Sex.FEMALE,
            snils=None,
            email=Email(f"waiting{number}@pochta.example"),
        )
        person = await people.upsert_from_esia(tx, vault, told, now)
        await people.choose_profile(tx, vault, person.id, Profile.LEARNER, now)
        wish = Wish(Ogrn(school), SchoolClass(1 + number % 11, "А"), year_of_request(now.date()))
        await submit.submit(tx, person.id, person.id, wish, once=f"bench-{number}", now=now)

    for number in range(WAITING):
        await db.run(lambda tx, number=number: ask(tx, number))  # type: ignore[misc]
    await db.close()


def measure(stack: Stack, scenario: str, visitor: Visitor, url: str, words: str, requests: int) -> None:
    headers = visitor.headers(url)
    for _ in range(WARM_UP):
        page = visitor.client.get(url, headers=headers)
        if page.status_code != 200 or words not in page.text:
            raise RuntimeError(f"{url}: {page.status_code} {said(page)}")
    with Measured(stack.pids()) as measured:
        for _ in range(requests):
            with measured.timed():
                visitor.client.get(url, headers=headers)
    p95 = round(percentile(measured.latencies, 0.95) * 1000, 3)
    size = round(len(page.content) / 1024, 1)
    report(scenario, "myschool", ops=requests, measured=measured, p95_ms=p95, page_kb=size)


@contextmanager
def peopled(stack: Stack) -> Iterator[tuple[Visitor, Visitor, str]]:
    """A pupil in the wizard, an administrator with a full queue, and the school."""
    pupil = come(stack, stack.citizen("mikhail"), "learner")
    administrator = come(stack, stack.citizen("elena"), "teacher")
    school = stack.citizen("elena")["school"]
    asyncio.run(fill_queue(stack, school))
    wizard = pupil.get(f"{stack.ready['portal']}/cabinet/school")
    pupil.send(wizard, region="24")
    yield pupil, administrator, school


def main() -> None:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    with Stack.up() as stack, peopled(stack) as (pupil, administrator, school):
        portal, nobody = stack.ready["portal"], Visitor()
        find = f"{portal}/cabinet/school/find?{urlencode({'q': QUERY})}"
        measure(stack, "page.portal_main", nobody, f"{portal}/", "Моя школа", requests)
        measure(stack, "page.login", nobody, f"{portal}/login", "Войти", requests)
        measure(stack, "page.cabinet", pupil, f"{portal}/cabinet", "Личный кабинет", requests)
        measure(stack, "page.school_search", pupil, find, "СШ № 148", requests)
        measure(stack, "page.queue", administrator, f"{portal}/school/{school}/requests", "Рассмотреть", requests)


if __name__ == "__main__":
    main()
