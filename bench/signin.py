"""Sign-in with a password: the form is sent, the password compared (argon2id, OWASP), a code on its way.

    python -m bench.signin [operations, at most 240]

Measured are the web processes, the worker that delivers the codes, and PostgreSQL. `signin.hash` beside it is the bare
comparison in one thread of this process: the ceiling of any server. Every operation is another account, and passwords
repeat four times at most, since the limits on guessing are on.
"""

import asyncio
import sys
import time
from dataclasses import dataclass
from os import getpid

import httpx

from bench.measure import Measured, report
from bench.stack import Stack, csrf_in
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.passwords import OWASP
from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.db import Tx
from myschool.kit.opening import open_database, open_vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email

MOST = 240
SHARED_BY = 4
WARM_UP = 10


@dataclass(frozen=True)
class Account:
    login: str
    password: str
    hashed: str


def accounts(count: int) -> list[Account]:
    made = []
    for number in range(count):
        if number % SHARED_BY == 0:
            password = f"замер {number} свистит"
            hashed = OWASP.hash(password)
        made.append(Account(f"bench{number}@pochta.example", password, hashed))
    return made


async def register(stack: Stack, url: str, wanted: list[Account]) -> None:
    settings = configuration.read({"MYSCHOOL_HOME": str(stack.home), "MYSCHOOL_GOSUSLUGI_URL": url})
    db, vault, now = open_database(settings, "gosuslugi", pool_size=1), open_vault(settings), clock.now()

    async def write(tx: Tx) -> None:
        for one in wanted:
            person = await people.create(tx, vault, name=FullName("Замеров", "Иван"), contact=Email(one.login), now=now)
            await secrets.keep_first(tx, person.id, one.hashed, now)

    await db.run(write)
    await db.close()


def sign_in(http: httpx.Client, url: str, one: Account, measured: Measured) -> None:
    """The form is fetched outside the stopwatch; its CPU counts."""
    http.cookies.clear()
    page = http.get(f"{url}/login")
    cookie = page.headers["set-cookie"].partition(";")[0]
    typed = {"login": one.login, "password": one.password, "csrf": csrf_in(page)}
    with measured.timed():
        answer = http.post(f"{url}/login", data=typed, headers={"Origin": url, "Cookie": cookie})
    assert answer.headers.get("location") == "/login/code", (answer.status_code, answer.text[-2000:])


def main() -> None:
    ops = min(int(sys.argv[1]) if len(sys.argv) > 1 else 200, MOST)
    known = accounts(ops + WARM_UP)
    with Measured([getpid()], with_children=False) as measured:
        for one in known[:50]:
            with measured.timed():
                OWASP.verify(one.hashed, one.password)
    report("signin.hash", "argon2-cffi", ops=50, measured=measured)
    with Stack.up() as stack, httpx.Client(timeout=30) as http:
        url = stack.ready["gosuslugi"]
        asyncio.run(register(stack, url, known))
        for one in known[:WARM_UP]:
            sign_in(http, url, one, Measured([]))
        time.sleep(2)
        with Measured(stack.pids()) as measured:
            for one in known[WARM_UP:]:
                sign_in(http, url, one, measured)
            time.sleep(2)  # the last letters go out
        report("signin.password", "myschool", ops=ops, measured=measured)


if __name__ == "__main__":
    main()
