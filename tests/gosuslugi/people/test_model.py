"""Levels, logins and what hides itself; no database."""

import pytest

from myschool.gosuslugi.people.model import Level, LevelCannotMove, Move, login_candidates, moved
from myschool.papers.numbers import Email, Phone, Snils, snils_control

SNILS = Snils.parse("112-233-445 95")


@pytest.mark.parametrize(
    ("level", "move", "reached"),
    [
        (Level.SIMPLIFIED, Move.PROVE_PAPERS, Level.STANDARD),
        (Level.STANDARD, Move.CONFIRM_IDENTITY, Level.CONFIRMED),
        (Level.CHILD, Move.HAND_OVER, Level.STANDARD),
    ],
)
def test_a_level_rises_by_its_own_move(level: Level, move: Move, reached: Level) -> None:
    """Each level has one move that leads on."""
    assert moved(level, move) is reached


@pytest.mark.parametrize(
    ("level", "move"),
    [
        (Level.SIMPLIFIED, Move.CONFIRM_IDENTITY),
        (Level.CHILD, Move.CONFIRM_IDENTITY),
        (Level.CHILD, Move.PROVE_PAPERS),
        (Level.CONFIRMED, Move.HAND_OVER),
    ],
)
def test_no_level_is_jumped_over(level: Level, move: Move) -> None:
    """A clerk cannot confirm a person whose papers no register has confirmed."""
    with pytest.raises(LevelCannotMove):
        moved(level, move)


@pytest.mark.parametrize("typed", ["112-233-445 95", "11223344595", "112 233 445 95", "112–233–445–95"])
def test_a_snils_is_found_in_any_spelling(typed: str) -> None:
    """Separators do not matter."""
    assert SNILS in login_candidates(typed)


def test_a_telephone_and_an_e_mail_are_told_apart() -> None:
    """Both are taken in the spelling of the person."""
    assert login_candidates("8 (916) 123-45-67")[0] == Phone("9161234567")
    assert login_candidates(" Olga@Mail.Example ") == [Email("Olga@mail.example")]


def test_digits_grouped_by_threes_are_first_a_snils() -> None:
    """Eleven digits may be a telephone too; the grouping decides which is tried first."""
    first_nine = "891612345"
    both = first_nine + snils_control(first_nine)
    grouped = f"{both[:3]}-{both[3:6]}-{both[6:9]} {both[9:]}"
    assert isinstance(login_candidates(grouped)[0], Snils)
    assert isinstance(login_candidates(both)[0], Phone)
