"""Posted forms: within limits, readable, and never with what the database can not hold."""

from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from myschool.kit.web.body import LARGEST_FORM, MOST_FIELDS, read_fields
from tests.kit.web.conftest import Browser, TestHouse, csrf_of

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


async def fields_of(body: bytes, kind: str = URLENCODED) -> dict[str, str]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())], "app": Starlette()}
    return await read_fields(Request(scope, receive))


def part(name: str, value: bytes, disposition: str = "form-data") -> bytes:
    head = f'--x\r\nContent-Disposition: {disposition}; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


async def status_of(browser: Browser, body: bytes | AsyncIterator[bytes], kind: str = URLENCODED) -> int:
    answer = await browser.http.post("/", content=body, headers={"content-type": kind, "origin": "https://school.test"})
    return answer.status_code


async def test_a_field_of_ten_megabytes_is_refused(test_house: TestHouse) -> None:
    """Too large is said as such, with words that help, before it is looked at."""
    answer = await test_house.browser().http.post("/", data={"text": "ы" * 5_000_000})
    assert answer.status_code == 413
    assert "Слишком много данных" in answer.text


async def test_a_body_without_a_length_is_cut_off_in_time(test_house: TestHouse) -> None:
    """Chunks are counted as they come: reading stops soon after the limit."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 4096
            yield b"a" * 4096

    receive_from = endless()

    async def receive() -> Message:
        return {"type": "http.request", "body": await anext(receive_from), "more_body": True}

    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    for path in ("/", "/machine"):
        sent = 0
        headers = [
            (b"host", b"school.test"),
            (b"content-type", URLENCODED.encode()),
            (b"transfer-encoding", b"chunked"),
        ]
        scope = {
            "type": "http", "method": "POST", "path": path, "query_string": b"", "root_path": "", "headers": headers,
            "scheme": "https", "client": None, "server": None, "http_version": "1.1", "asgi": {"version": "3.0"},
        }  # fmt: skip
        await test_house.app(scope, receive, send)
        assert answers[0]["status"] == 413
        assert sent <= LARGEST_FORM + 2 * 4096
        answers.clear()


async def test_a_length_that_lies_is_not_believed(test_house: TestHouse) -> None:
    """A small Content-Length does not let a large body in; a large one is refused unread."""
    browser = test_house.browser()
    body = b"a" * (LARGEST_FORM + 1)
    for length in ("10", str(10**12)):
        headers = {"content-type": URLENCODED, "content-length": length}
        assert (await browser.http.post("/", content=body, headers=headers)).status_code == 413


async def test_the_largest_form_is_read(test_house: TestHouse) -> None:
    """Just within the limit is within the limit."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    rest = LARGEST_FORM - len(urlencode({"csrf": token, "text": ""}))
    assert (await browser.post("/", {"csrf": token, "text": "a" * rest})).status_code == 303
    assert (await browser.post("/", {"csrf": token, "text": "a" * (rest + 1)})).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"&".join(b"a%d=1" % n for n in range(MOST_FIELDS + 1)), URLENCODED, 400),
        (b"".join(part(f"a{n}", b"1") for n in range(MOST_FIELDS + 1)) + b"--x--\r\n", MULTIPART, 400),
        (b"nonsense", MULTIPART, 400),
        (b"", MULTIPART, 403),
        (b"--x\r\n\r\nno headers\r\n--x--\r\n", MULTIPART, 400),
        (part("a", b"1").replace(b' name="a"', b""), MULTIPART, 400),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"--x\r\n", "multipart/form-data; boundary=", 400),
        (part("a", b"1", 'form-data; filename="virus.exe"') + b"--x--\r\n", MULTIPART, 400),
        (b"{}", "application/json", 415),
        (b"csrf=1", "text/plain", 415),
        (b"csrf=1", "", 415),
        (b"", URLENCODED, 403),
        (b"\xff\x00=\xfe&&&===&%%%=%zz", URLENCODED, 403),
    ],
)
async def test_nonsense_is_refused_calmly(test_house: TestHouse, body: bytes, kind: str, status: int) -> None:
    """Whatever is sent instead of a form, the answer is a refusal with words and never 500."""
    assert await status_of(test_house.browser(), body, kind) == status


async def test_the_kind_of_a_form_knows_no_capitals(test_house: TestHouse) -> None:
    """Media types are compared without regard to case (RFC 9110 §8.3.1)."""
    assert await status_of(test_house.browser(), b"a=1", URLENCODED.upper()) == 403


async def test_the_last_of_doubled_fields_counts() -> None:
    """A field that was sent twice has its last value."""
    assert await fields_of(b"a=1&b=2&a=3") == {"a": "3", "b": "2"}


async def test_nul_is_dropped_everywhere() -> None:
    """Neither names nor values hold NUL, however it came."""
    assert await fields_of(b"a%00b=c%00d&e=\x00f") == {"ab": "cd", "e": "f"}
    assert await fields_of(part("a", b"c\x00d") + b"--x--\r\n", MULTIPART) == {"a": "cd"}


@pytest.mark.parametrize(
    ("charset", "value"),
    [
        ("unicode_escape", rb"\ud800"),
        ("utf-7", b"+2AA-"),
        ("utf-16-le", b"\x00"),
        ("utf-8", b"\xed\xa0\x80"),
        ("hex", b"zz"),
    ],
)
async def test_no_character_set_makes_half_a_character(charset: str, value: bytes) -> None:
    """A stranger may name any character set; what comes out can always be written as UTF-8."""
    fields = await fields_of(part("a", value) + b"--x--\r\n", f"{MULTIPART}; charset={charset}")
    assert fields["a"].encode().decode() == fields["a"]


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=8))
async def test_what_was_typed_arrives(typed: dict[str, str]) -> None:
    """Any text arrives as typed, without NUL and with lone surrogates replaced."""

    def clean(text: str) -> str:
        return text.replace("\x00", "").encode("utf-8", "replace").decode()

    body = urlencode(typed, errors="replace").encode()
    assert await fields_of(body) == {clean(name): clean(value) for name, value in typed.items()}


@given(
    st.binary(max_size=300), st.sampled_from([URLENCODED, MULTIPART, "multipart/form-data; boundary=\xff; charset=x"])
)
async def test_any_bytes_are_read_or_refused(body: bytes, kind: str) -> None:
    """No bytes crash the reading, and all that is read can be stored."""
    fields = {}
    with suppress(HTTPException):
        fields = await fields_of(body, kind)
    for text in (*fields, *fields.values()):
        assert "\x00" not in text
        assert text.encode().decode() == text
