"""«Числарий» on its own: what it believes, and of whom. The whole way stands in tests/portal/content."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import select

from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web.app import build
from myschool.sandbox.app import platform_house
from myschool.sandbox.platform import pages
from myschool.sandbox.platform.lesson import parse_answer, task_for
from myschool.sandbox.platform.registration import CALLBACK, INITIATE, registration
from myschool.sandbox.platform.relying_party import RelyingParty
from myschool.sandbox.platform.store import platform_pupil
from myschool.sandbox.tables import metadata
from tests.conftest import ClockAt, MakeDb

PORTAL, PLATFORM = "https://portal.test", "https://platform.test"
KEY = ECKey.generate_key("P-256", {"kid": "k1"}, private=True)


@dataclass
class OtherProvider(httpx.AsyncBaseTransport):
    """A provider of a few lines, which may lie; `changed` overrides claims of the id_token."""

    changed: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: KEY)
    nonce: str = ""
    silent: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.silent:
            raise httpx.ConnectError("silent")
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json=_document())
        if request.url.path == "/jwks":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        self.asked.append(dict(parse_qsl((await request.aread()).decode())))
        return httpx.Response(200, json={"access_token": "at", "token_type": "Bearer", "id_token": self._identity()})

    def _identity(self) -> str:
        now = int(clock.now().timestamp())
        claims = {
            "iss": PORTAL,
            "aud": "chislary",
            "sub": "pseudonym",
            "iat": now,
            "exp": now + 600,
            "nonce": self.nonce,
            "role": "learner",
            "grade": 6,
            **self.changed,
        }
        return jwt.encode({"alg": "ES256", "kid": "k1"}, claims, self.key, algorithms=["ES256"])


def _document() -> dict[str, Any]:
    return {
        "issuer": PORTAL,
        "authorization_endpoint": f"{PORTAL}/authorize",
        "token_endpoint": f"{PORTAL}/token",
        "jwks_uri": f"{PORTAL}/jwks",
        "id_token_signing_alg_values_supported": ["ES256"],
    }


@dataclass
class Desk:
    http: httpx.AsyncClient
    provider: OtherProvider
    db: Any

    async def begin(self) -> dict[str, str]:
        """The query with which the platform sends its visitor to the provider."""
        left = await self.http.get(INITIATE, params={"iss": PORTAL}, follow_redirects=False)
        assert left.headers["location"].startswith(f"{PORTAL}/authorize?")
        query = dict(parse_qsl(urlsplit(left.headers["location"]).query))
        self.provider.nonce = query["nonce"]
        return query

    async def come_back(self, **answer: str) -> httpx.Response:
        return await self.http.get(CALLBACK, params=answer)

    async def pupils(self) -> int:
        return len(await self.db.run(lambda tx: _all(tx)))


async def _all(tx) -> list:
    return list(await tx.execute(select(platform_pupil)))


@pytest.fixture
async def desk(make_db: MakeDb, tmp_path: Path) -> Desk:
    given = {"MYSCHOOL_HOME": str(tmp_path), "MYSCHOOL_PORTAL_URL": PORTAL, "MYSCHOOL_PLATFORM_URL": PLATFORM}
    settings, provider = configuration.read(given), OtherProvider()
    db = await make_db(ground, metadata)
    party = RelyingParty(settings, {"transport": provider})
    app = build(platform_house(settings, db, Vault([VaultKey.fresh()])), pages.routes(party))
    transport = httpx.ASGITransport(app)
    return Desk(httpx.AsyncClient(transport=transport, base_url=PLATFORM, follow_redirects=True), provider, db)


async def test_it_asks_for_little_and_with_proof(desk: Desk) -> None:
    """Scopes role and grade, PKCE S256, state and nonce; the verifier goes to the token endpoint only."""
    query = await desk.begin()
    assert query["scope"] == "openid role grade"
    assert query["code_challenge_method"] == "S256"
    assert len(query["state"]) > 20
    assert "code_verifier" not in query
    lesson = await desk.come_back(code="c", state=query["state"], iss=PORTAL)
    assert "Вы вошли: ученик, 6 класс" in lesson.text
    assert len(desk.provider.asked[0]["code_verifier"]) >= 43


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.test"},
        {"aud": "another"},
        {"nonce": "another"},
        {"exp": 1},
        {"iat": 4_000_000_000, "exp": 4_000_000_600},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_signs_nobody_in(desk: Desk, changed: dict[str, Any]) -> None:
    """Another issuer, audience, nonce, time or access token."""
    query = await desk.begin()
    desk.provider.changed = changed
    page = await desk.come_back(code="c", state=query["state"], iss=PORTAL)
    assert (page.status_code, await desk.pupils()) == (400, 0)


async def test_a_foreign_signature_signs_nobody_in(desk: Desk) -> None:
    """The right kid with another key behind it."""
    query = await desk.begin()
    desk.provider.key = ECKey.generate_key("P-256", {"kid": "k1"}, private=True)
    page = await desk.come_back(code="c", state=query["state"], iss=PORTAL)
    assert (page.status_code, await desk.pupils()) == (400, 0)


@pytest.mark.parametrize("answer", [{"state": "x"}, {"iss": "https://elsewhere.test"}, {"iss": ""}, {"code": ""}])
async def test_an_answer_nobody_awaits_is_not_redeemed(desk: Desk, answer: dict[str, str]) -> None:
    """Another state, another issuer or none, no code: the token endpoint is not even asked."""
    query = await desk.begin()
    page = await desk.come_back(**{"code": "c", "state": query["state"], "iss": PORTAL, **answer})
    assert page.status_code in (400, 403)
    assert desk.provider.asked == []


async def test_an_answer_is_believed_once(desk: Desk) -> None:
    """The same address again does not redeem again, nor in another browser."""
    query = await desk.begin()
    answer = {"code": "c", "state": query["state"], "iss": PORTAL}
    await desk.come_back(**answer)
    again = await desk.come_back(**answer)
    assert str(again.url) == f"{PLATFORM}/lesson"
    desk.http.cookies.clear()
    assert (await desk.come_back(**answer)).status_code == 400
    assert len(desk.provider.asked) == 1


async def test_the_next_pupil_at_the_computer_is_another(desk: Desk) -> None:
    """A launch by somebody else ends the session of the one before."""
    for subject, solved in (("first", "25"), ("second", "")):
        query = await desk.begin()
        desk.provider.changed = {"sub": subject}
        lesson = await desk.come_back(code="c", state=query["state"], iss=PORTAL)
        assert "Решено задач: 0" in lesson.text
        if solved:
            csrf = re.search(r'name="csrf" value="([^"]+)"', lesson.text)
            assert csrf
            await desk.http.post("/lesson", data={"csrf": csrf[1], "number": "0", "answer": "80"})


async def test_only_the_portal_may_send_people(desk: Desk) -> None:
    """Another issuer in the initiation is refused before anything is asked of it."""
    page = await desk.http.get(INITIATE, params={"iss": "https://elsewhere.test"})
    assert page.status_code == 400
    assert "Неизвестный вход" in page.text


async def test_a_silent_portal_is_told_as_such(desk: Desk) -> None:
    """At the beginning and at the end: a page with a way back."""
    query = await desk.begin()
    desk.provider.silent = True
    page = await desk.come_back(code="c", state=query["state"], iss=PORTAL)
    assert (page.status_code, "Вернуться в «Мою школу»" in page.text) == (503, True)


async def test_it_lives_by_the_sandbox_clock(desk: Desk, clock_at: ClockAt) -> None:
    """Moved by years, the sign-in still works: both ends live in the same day."""
    clock_at("2031-02-03T10:00:00+03:00")
    query = await desk.begin()
    assert "Вы вошли" in (await desk.come_back(code="c", state=query["state"], iss=PORTAL)).text


async def test_the_lesson_is_for_who_came_through_the_portal(desk: Desk) -> None:
    """Without a session the lesson leads to the entrance."""
    assert str((await desk.http.get("/lesson")).url) == f"{PLATFORM}/"


def test_both_sides_read_one_secret(tmp_path: Path) -> None:
    """Whoever comes first makes it; it has 256 bits and is not in the registration's repr."""
    settings = configuration.read({"MYSCHOOL_HOME": str(tmp_path)})
    first, second = registration(settings), registration(settings)
    assert first.secret == second.secret
    assert len(first.secret) == 64
    assert first.secret not in repr(first)


@pytest.mark.parametrize(("typed", "meant"), [(" 12 ", 12), ("−3", -3), ("1 000", 1000), ("+7", 7)])
def test_answers_are_read_kindly(typed: str, meant: int) -> None:
    """As people type numbers."""
    assert parse_answer(typed) == meant


def test_every_grade_has_tasks() -> None:
    """From the first to the eleventh, and for who told no grade."""
    assert all(task_for(grade, number).question for grade in (None, *range(1, 12)) for number in range(5))
