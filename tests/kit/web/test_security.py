"""What every answer carries, whatever went wrong, and what does not come in at all."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from myschool.kit.web.app import build
from myschool.kit.web.assets import FOLDER, asset_url
from myschool.kit.web.security import AnswerCutOff, content_policy, origin_of
from tests.kit.web.conftest import ORIGIN, TestHouse, csrf_of

EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
ASSET = asset_url("myschool.css")
ANSWERS = [
    ("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/secret", 303), ("GET", "/nowhere", 404), ("POST", "/secret", 405),
    ("OPTIONS", "/", 405), ("DELETE", "/", 405), ("POST", "/", 415), ("GET", "/broken", 500),
    ("GET", "/forbidden", 403), ("GET", "/often", 429), ("GET", ASSET, 200), ("GET", "/assets/none.css", 404),
    ("POST", ASSET, 405),
    ("GET", "/health/live", 200), ("GET", "/health/ready", 200), ("GET", "/secret/", 307), ("GET", "/?a=%00", 400),
    ("GET", "/machine", 200), ("GET", "/whoever/17", 404), ("GET", "/a%00b", 404),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_carries_the_locks(test_house: TestHouse, method: str, path: str, status: int) -> None:
    """Headers, trace number and caching are right on pages, redirects, errors, health, assets and machine answers."""
    answer = await test_house.browser().http.request(method, path)
    assert answer.status_code == status
    for name, value in EVERY_ANSWER.items():
        assert answer.headers.get_list(name) == [value], name
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in answer.headers["Content-Security-Policy"]
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert re.fullmatch(r"[2-9DFGJNQRSUVWZ]{4}-[2-9DFGJNQRSUVWZ]{4}", answer.headers["X-Trace"])
    kept = "public, max-age=31536000, immutable" if path == ASSET and status == 200 else "no-store"
    assert answer.headers["Cache-Control"] == kept


async def test_the_machine_that_speaks_no_tls_promises_none(test_house: TestHouse) -> None:
    """A house under http sends no HSTS, which would lock other ports of the machine out."""
    test_house.house.origin = "http://localhost:8000"
    plain = build(test_house.house, [])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(plain), base_url="http://localhost:8000") as client:
        assert "Strict-Transport-Security" not in (await client.get("/health/live")).headers


def test_no_template_of_any_house_has_inline_code() -> None:
    """The policy forbids inline script and style, so no template may lean on them."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    houses = Path(FOLDER).parents[2]
    templates = [path for path in houses.rglob("templates/**/*.html") if "mailbox" not in path.parts]
    assert len(templates) > 20
    assert [path.name for path in templates if inline.search(path.read_text())] == []


async def test_a_form_leads_only_where_it_was_said(test_house: TestHouse) -> None:
    """A page names the origin its form ends at; the next page does not inherit it."""
    browser = test_house.browser()
    policy = (await browser.get("/far?to=https://esia.test:8001/aas/oauth2?x=1")).headers["Content-Security-Policy"]
    assert "form-action 'self' https://esia.test:8001;" in policy
    assert "form-action 'self';" in (await browser.get("/")).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.test;script-src *", "https://*", "https://a.test 'unsafe-inline'", "javascript:alert(1)", "",
        "/local",        "https://user:x@a.test", "data:text/html,x", "https://[::1", "https://a.test,b.test", "https:///path",
        "https://a.test\n", "//a.test/",
    ],
)  # fmt: skip
def test_no_destination_smuggles_in_a_policy(url: str) -> None:
    """What is no plain origin does not get into the policy."""
    assert origin_of(url) is None or origin_of(url) == "https://a.test"
    assert content_policy([origin_of(url) or "https://a.test"]).count(";") == content_policy().count(";")


@pytest.mark.parametrize("url", ["https://a.test/x?y", "http://localhost:8001", "https://[2001:db8::1]:8443/x"])
def test_an_origin_is_scheme_host_and_port(url: str) -> None:
    """Path and query are no part of it."""
    origin = origin_of(url)
    assert origin is not None
    assert url.startswith(origin)


@pytest.mark.parametrize(
    "host", ["evil.test", "school.test:8443", "school.test.evil.test", "", "school.test@evil.test"]
)
async def test_another_host_name_is_turned_away(test_house: TestHouse, host: str) -> None:
    """Links and cookies stay under the house's own name; the page says what it is."""
    answer = await test_house.browser().get("/", headers={"host": host})
    assert answer.status_code == 421
    assert f"Открыть {ORIGIN}" in answer.text
    assert "set-cookie" not in answer.headers


async def test_two_host_names_are_one_too_many(test_house: TestHouse) -> None:
    """A second Host header, which a proxy may read instead of the first, is refused."""
    browser = test_house.browser()
    answer = await browser.http.get("/", headers=[(b"host", b"school.test"), (b"host", b"evil.test")])
    assert answer.status_code == 421


async def test_host_names_know_no_capitals_and_health_asks_for_none(test_house: TestHouse) -> None:
    """A host in capitals is ours; who watches over the house may call it by its address."""
    browser = test_house.browser()
    assert (await browser.get("/", headers={"host": "SCHOOL.test"})).status_code == 200
    assert (await browser.get("/health/live", headers={"host": "10.0.0.7:8000"})).text == "ok"
    assert (await browser.get("/health/ready", headers={"host": "10.0.0.7:8000"})).text == "ok"


async def test_a_slash_too_many_leads_to_the_page(test_house: TestHouse) -> None:
    """The redirect stays under the house's own origin, also behind a proxy that ended TLS."""
    transport = httpx.ASGITransport(test_house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://school.test") as behind_proxy:
        answer = await behind_proxy.get("/secret/?a=1")
    assert answer.headers["location"] == f"{ORIGIN}/secret?a=1"


@pytest.mark.parametrize("path", ["//evil.test/", "//evil.test/secret/", "/%5cevil.test/", "/secret//evil.test/"])
async def test_no_address_of_ours_leads_away(test_house: TestHouse, path: str) -> None:
    """A path that looks like a host is nowhere, not a redirect."""
    answer = await test_house.browser().http.get(ORIGIN + path)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/whoever/%00", 404), ("/%00", 404), ("/assets/%00", 404), ("/secret%0d%0aSet-Cookie:x", 404),
        ("/?q=%00", 400), ("/?%00=q", 400), ("/whoever/" + "x" * 5000, 404), ("/whoever/%ff%fe", 404),
        ("/?q=%ff%ed%a0%80", 200), ("/whoever/%ed%a0%80", 404), ("/?" + "a&" * 2000, 200), ("/assets/..%2fapp.py", 404),
    ],
)  # fmt: skip
async def test_addresses_nobody_would_make(test_house: TestHouse, path: str, status: int) -> None:
    """NUL, line breaks, broken UTF-8 and great length are answered calmly, never by 500."""
    assert (await test_house.browser().get(path)).status_code == status


@pytest.mark.parametrize("path", ["/a\x00b", "/whoever/\ud800", "/a\nb", "/whoever/\x00"])
async def test_paths_a_server_may_hand_over_undecoded(test_house: TestHouse, path: str) -> None:
    """What a server puts into the scope is judged as well as what a client can send."""
    said: list[Message] = []
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": b"/", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"school.test")], "scheme": "https", "client": ("127.0.0.1", 1), "server": ("x", 1),
        "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    app: Starlette = test_house.app
    await app(scope, receive, send)
    assert said[0]["status"] == 404


@pytest.mark.parametrize(
    "path", ["/login?next=http://[", "/login?next=%0d%0aSet-Cookie:%20a=b", "/enter?who=olga&next=%0d%0aX:1"]
)
async def test_no_header_is_smuggled_in(test_house: TestHouse, path: str) -> None:
    """Line breaks in an address to return to end at the main page, not in the headers."""
    answer = await test_house.browser().get(path)
    assert answer.status_code in (200, 303)
    assert answer.headers.get("location", "/") == "/"
    assert "x" not in answer.headers


@pytest.mark.parametrize(
    "referer", ["http://[", "https://evil.test/note", "nonsense", "https://school.test//evil.test/"]
)
async def test_a_strange_referer_harms_nobody(test_house: TestHouse, referer: str) -> None:
    """Where a form came from is believed only when it is a page of this house."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    answer = await browser.post("/note", {"csrf": token}, referer=referer)
    assert answer.headers["location"] in ("/login?next=%2Fnote", "/login?next=%2F")


@pytest.mark.parametrize(
    "cookie", ["1000.0.0.0", "100.2.0.0", "....", "100", "150.1.1.1.1", '"><script>', "é", "1" * 5000]
)
async def test_a_strange_display_cookie_is_the_plain_display(test_house: TestHouse, cookie: str) -> None:
    """Whatever a stranger wrote into the cookie, the page is drawn plainly."""
    answer = await test_house.browser().http.get("/", headers=[(b"cookie", b"display=" + cookie.encode())])
    assert 'class="look-portal size-100"' in answer.text


async def test_display_settings_are_kept_and_lead_back_here_only(test_house: TestHouse) -> None:
    """What was chosen is drawn on the next page; the way back never leaves the house."""
    browser = test_house.browser()
    answer = await browser.send("/display", size="200", contrast="1", dark="9", spacing="1", next="//evil.test")
    assert answer.headers["location"] == "/"
    assert 'class="look-portal size-200 contrast spacing"' in (await browser.get("/")).text
    await browser.send("/display", size="7", contrast="", dark="", spacing="")
    assert 'class="look-portal size-100"' in (await browser.get("/")).text


async def test_half_an_answer_is_no_answer(test_house: TestHouse) -> None:
    """A stream that breaks breaks the connection; nobody's words go on to the server's log."""
    with pytest.raises(AnswerCutOff) as broken:
        await test_house.browser().get("/cut-off")
    assert broken.value.__suppress_context__
    assert "Ольга" not in test_house.log.getvalue()
