"""Hashing with an admission limit, and which passwords are refused; no database."""

import asyncio
import threading

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from myschool.gosuslugi.signin import passwords as module
from myschool.gosuslugi.signin.actions.secrets import OPENS_NOTHING
from myschool.gosuslugi.signin.devices import worded
from myschool.gosuslugi.signin.password_rules import SaysWhoYouAre, TooCommon, TooLong, TooShort, check
from myschool.gosuslugi.signin.passwords import OWASP, Overloaded, Passwords

GOOD = "зелёный чайник свистит"


async def test_hashes_have_the_parameters_of_owasp(passwords: Passwords) -> None:
    """argon2id, 19 MiB, two passes, one lane."""
    made = extract_parameters(await passwords.hashed(GOOD))
    assert (made.type, made.memory_cost, made.time_cost, made.parallelism) == (Type.ID, 19 * 1024, 2, 1)


async def test_a_password_is_the_same_whichever_keyboard_composed_it(passwords: Passwords) -> None:
    """«й» of one sign and of two; a full-width digit and a plain one."""
    known = await passwords.hashed("чай номер 1 стынет")
    assert (await passwords.compare("чаи\u0306 номер \uff11 стынет", known)).matches
    assert not (await passwords.compare("чаи номер 1 стынет", known)).matches


async def test_nobody_matches_no_password(passwords: Passwords) -> None:
    """Neither a missing account nor a damaged hash lets anybody in."""
    assert not (await passwords.compare(GOOD, None)).matches
    assert not (await passwords.compare(GOOD, "not a hash")).matches
    for typed in ("", GOOD, OPENS_NOTHING):
        assert not (await passwords.compare(typed, OPENS_NOTHING)).matches


async def test_an_unknown_account_costs_a_whole_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a hash with the same parameters, else the clock would tell; and even its own password opens nothing."""
    pool = Passwords(threads=1)
    compared: list[str] = []

    class Watched:
        def verify(self, known: str, password: str) -> bool:
            compared.append(known)
            return True

    monkeypatch.setattr(module, "OWASP", Watched())
    assert not (await pool.compare(GOOD, None)).matches
    assert [extract_parameters(known) for known in compared] == [extract_parameters(OWASP.hash(GOOD))]


async def test_an_older_hash_is_renewed_when_its_password_comes(passwords: Passwords) -> None:
    """Parameters can be raised without asking anybody for a new password."""
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD)
    compared = await passwords.compare(GOOD, weak)
    assert compared.matches
    assert compared.renewed is not None
    assert not OWASP.check_needs_rehash(compared.renewed)
    assert (await passwords.compare("другой пароль", weak)).renewed is None


async def test_who_would_wait_too_long_is_turned_away_and_the_rest_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The limit counts those that wait; once they are done there is room again."""
    gate = threading.Event()

    class Slow:
        def hash(self, password: str) -> str:
            gate.wait(5)
            return "done"

    pool = Passwords(threads=1, longest_wait=0.09)
    monkeypatch.setattr(module, "OWASP", Slow())
    waiting = [asyncio.create_task(pool.hashed(GOOD)) for _ in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(Overloaded) as refused:
        await pool.hashed(GOOD)
    assert refused.value.retry_after >= 1
    gate.set()
    assert await asyncio.gather(*waiting) == ["done"] * 3
    assert await pool.hashed(GOOD) == "done"


async def test_the_event_loop_goes_on_while_hashes_are_made(passwords: Passwords) -> None:
    """Other requests are answered meanwhile."""
    ticks = 0
    hashing = asyncio.gather(*(passwords.hashed(GOOD) for _ in range(4)))
    while not hashing.done():
        ticks += 1
        await asyncio.sleep(0.001)
    await hashing
    assert ticks > 5


@pytest.mark.parametrize(
    "password",
    [
        "12345678",
        "87654321",
        "qwertyuiop",
        "йцукенгш",
        "password",
        "Password1!",
        "пароль123",
        "gfhjkm2026",
        "11111111",
        "abababab",
        "qwerqwer",
        "1q2w3e4r",
        "1qaz2wsx",
        "zxcvbnm1",
        "Госуслуги2026",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """Lists of stolen passwords begin with these, also on the other keyboard."""
    with pytest.raises(TooCommon):
        check(password)


ABOUT = ["Смирнова", "Ольга", "Сергеевна", "olga.smirnova@mail.example", "+7 916 123-45-67", "11223344595"]


@pytest.mark.parametrize(
    "password",
    [
        "Смирнова",
        "смирнова1988",
        "сергеевна!",
        "olga.smirnova",
        "Olga.Smirnova@mail.example",
        "11223344595",
        "89161234567",
    ],
)
def test_what_everybody_knows_about_a_person_is_refused(password: str) -> None:
    """Name, mailbox, telephone and СНИЛС, with digits around them or not."""
    with pytest.raises((SaysWhoYouAre, TooCommon)):
        check(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery",
        "ольга любит чай",
        "смирнова и сыновья",
        "Xk3!vbq9",
        " пробел спереди",
        "🐈🐕🐇🐢🐍🐙🐝🦉",
    ],
)
def test_any_other_password_is_taken_as_it_is(password: str) -> None:
    """No capital letter, digit or mark is demanded; spaces and signs are kept."""
    assert check(password, ABOUT) == password


def test_length_has_two_ends() -> None:
    """Eight at least; a pasted book is refused before it is hashed."""
    with pytest.raises(TooShort):
        check("коротко")
    with pytest.raises(TooLong):
        check("я1" * 65)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140 YaBrowser/26 Safari/537",
            "Яндекс Браузер, Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537 Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140", "Firefox, Linux"),
        ("curl/8", "Другой браузер"),
        ("", "Другой браузер"),
    ],
)
def test_a_device_has_a_name_that_people_recognise(agent: str, words: str) -> None:
    """Every browser claims to be several others; the rarest name wins."""
    assert worded(agent) == words
