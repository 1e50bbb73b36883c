"""Which new passwords are refused: too short, too long, among the first a stranger tries, or the person's own name.

No composition rules: they make passwords that are hard to remember and easy to guess (NIST SP 800-63B, 5.1.1.2).

    PasswordRefused
    ├── TooShort
    ├── TooLong
    ├── TooCommon
    └── SaysWhoYouAre
"""

from collections.abc import Iterable
from pathlib import Path

from myschool.gosuslugi.signin.passwords import normal

SHORTEST = 8
LONGEST = 128

ROWS = (
    "1234567890",
    "0987654321",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "1qaz2wsx3edc4rfv5tgb",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgb",
    "1й2ц3у4к5е6н7г8ш9щ0з",
    "йфяцычувскамепи",
)

# Words that lead the lists of stolen passwords, and what they become on the other keyboard. Digits around them change
# nothing: «пароль123» is «пароль».
WORDS = frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())


class PasswordRefused(ValueError):
    pass


class TooShort(PasswordRefused):
    pass


class TooLong(PasswordRefused):
    pass


class TooCommon(PasswordRefused):
    pass


class SaysWhoYouAre(PasswordRefused):
    pass


def check(password: str, about: Iterable[str] = ()) -> str:
    """The password in its normal form. `about`: names, e-mail, telephone, СНИЛС. Raises a PasswordRefused."""
    chosen = normal(password)
    if len(chosen) < SHORTEST:
        raise TooShort
    if len(chosen) > LONGEST:
        raise TooLong
    plain = chosen.casefold()
    if _is_common(plain):
        raise TooCommon
    if any(_is_told_by(plain, fact) for fact in about):
        raise SaysWhoYouAre
    return chosen


def _is_common(plain: str) -> bool:
    if len(set(plain)) <= 2:
        return True
    core = plain.strip("0123456789!?.,*@#$%-_+= ")
    if not core:
        return _is_row(plain) or _repeats(plain)
    return core in WORDS or plain in WORDS or _is_row(core) or _is_row(plain) or _repeats(core)


def _is_row(text: str) -> bool:
    return any(text in row or text in row[::-1] for row in ROWS)


def _repeats(text: str) -> bool:
    """«12341234», «qwerqwer»: one piece of up to four characters, or a common word, again and again."""
    for size in range(1, len(text) // 2 + 1):
        piece, rest = text[:size], len(text) % size
        if rest == 0 and text == piece * (len(text) // size) and (size <= 4 or piece in WORDS):
            return True
    return False


def _is_told_by(plain: str, fact: str) -> bool:
    """The password is the fact, with no more than digits and marks around it."""
    core = plain.strip("0123456789!?.,*@#$%-_+= ")
    told = fact.casefold()
    words = {told, told.partition("@")[0]}
    digits = "".join(character for character in told if character.isdigit())
    # The last ten: a telephone begins with +7 or with 8.
    if len(digits) >= SHORTEST and digits[-10:] in "".join(character for character in plain if character.isdigit()):
        return True
    return plain in words or (len(core) >= 2 and core in words)
