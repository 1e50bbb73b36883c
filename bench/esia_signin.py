"""Sign-in without a password: session and grant exist. One operation is authorize → code → token → data.

    python -m bench.esia_signin [operations]

The system that signs in is this process, and its CPU does not count; measured are the web processes, the worker and
PostgreSQL. Scenarios: `signin.session` (one after another) and, beside it, `esia.data` (`/rs/prns/{oid}` alone).
"""

import asyncio
import sys
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx

from bench.measure import Measured, report
from bench.stack import Stack
from myschool.esia.certificates import make_key_pair
from myschool.esia.requests import TOKEN_PATH, Client, authorization_request, new_attempt, token_request
from myschool.esia.systems import InformationSystem as Wire
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.grants import store as grants_store
from myschool.gosuslugi.grants.model import GRANTED_FOR, Grant, InformationSystem
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.opening import open_database, open_vault
from myschool.kit.web import sessions
from myschool.kit.web.sessions import Session

SCOPES = ("openid", "fullname", "birthdate", "gender", "snils")
CALLBACK = "https://bench.example/back"
MNEMONIC = "BENCH"
COOKIE = "__Host-gosuslugi"


async def prepare(stack: Stack, url: str, login: str) -> tuple[Client, str, int]:
    """A system of our own, a session and a grant of this citizen; the token of the session, and the oid."""
    settings = configuration.read({"MYSCHOOL_HOME": str(stack.home), "MYSCHOOL_GOSUSLUGI_URL": url})
    db, vault, now = open_database(settings, "gosuslugi", pool_size=1), open_vault(settings), clock.now()
    pair = make_key_pair(MNEMONIC, now)
    wire = Wire(MNEMONIC, frozenset({CALLBACK}), frozenset(SCOPES), (pair.certificate,))
    system = InformationSystem("Замер", "Замер", "https://bench.example", wire, {}, frozenset())
    session = Session.fresh()

    async def write(tx: Tx) -> Person:
        person = await people.find_by_login(tx, vault, login)
        assert person is not None
        await grants.register(tx, system, now)
        given = Grant(new_id(), person.id, MNEMONIC, frozenset(SCOPES), person.id, now, now, now + GRANTED_FOR)
        await grants_store.save_grant(tx, given)
        session.sign_in(person.id, person.name.given_name, now)
        await sessions.save(tx, vault, session, "bench", now, timedelta(minutes=30))
        return person

    person = await db.run(write)
    await db.close()
    return Client(MNEMONIC, pair), session.token, person.oid


def sign_in(http: httpx.Client, url: str, client: Client, cookie: str, oid: int) -> str:
    """The access token, after the data were read with it."""
    attempt = new_attempt(CALLBACK, SCOPES)
    address = authorization_request(url, client, attempt, clock.now())
    back = http.get(address, headers={"Cookie": f"{COOKIE}={cookie}"}).headers["location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    answer = http.post(url + TOKEN_PATH, data=token_request(client, attempt, code, clock.now()))
    token = str(answer.json()["access_token"])
    read(http, url, token, oid)
    return token


def read(http: httpx.Client, url: str, token: str, oid: int) -> None:
    shown = http.get(f"{url}/rs/prns/{oid}", headers={"Authorization": f"Bearer {token}"})
    assert shown.status_code == 200, shown.text


def main() -> None:
    ops = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with Stack.up() as stack, httpx.Client(timeout=30) as http:
        url = stack.ready["gosuslugi"]
        client, cookie, oid = asyncio.run(prepare(stack, url, stack.citizen("olga")["sign_in"]))
        for _ in range(50):
            token = sign_in(http, url, client, cookie, oid)
        time.sleep(1)
        with Measured(stack.pids()) as measured:
            for _ in range(ops):
                with measured.timed():
                    token = sign_in(http, url, client, cookie, oid)
        report("signin.session", "myschool", ops=ops, measured=measured)
        with Measured(stack.pids()) as measured:
            for _ in range(2 * ops):
                with measured.timed():
                    read(http, url, token, oid)
        report("esia.data", "myschool", ops=2 * ops, measured=measured)


if __name__ == "__main__":
    main()
