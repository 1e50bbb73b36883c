"""The page of figures says what was measured, and where nothing was, that."""

import pytest

from bench.figures import BEGIN, END, FIGURES, MISSING, MarkersMissing, rendered, tables
from bench.targets import TARGETS

STAMP = {"date": "2026-11-23", "machine": "2 cores"}
WARM = {"scenario": "start.warm", "subject": "myschool", "wall_s": 3.25, **STAMP}
SLOW = WARM | {"wall_s": 7.5}
PEER = {"scenario": "signin.hash", "subject": "argon2-cffi", "ops_per_cpu_s": 33.0, "p50_ms": 0.0, **STAMP}


def row_of(words: str, text: str) -> str:
    return next(line for line in text.splitlines() if words in line)


def test_every_target_has_a_row_in_words() -> None:
    """No target is left out of the page, and no row speaks of a figure without a target."""
    assert [(target.scenario, target.figure) for target in TARGETS] == list(FIGURES)


def test_what_was_not_measured_is_said() -> None:
    """Without results each row says so and none claims to be met."""
    text = tables([])
    assert text.count(MISSING) == len(TARGETS) + 1
    assert "| met |" not in text


def test_a_measured_figure_stands_with_verdict_day_and_machine() -> None:
    """A value within the target is met, one beyond it is missed; the newest line counts."""
    assert "| 3.25 s | met |" in row_of("warm start", tables([WARM]))
    assert "| 7.5 s | **missed** |" in row_of("warm start", tables([WARM, SLOW]))
    assert "| 2026-11-23 | 2 cores |" in row_of("warm start", tables([WARM]))


def test_peers_stand_beside_ours_and_never_in_their_place() -> None:
    """A peer's line fills no row of ours and has one of its own."""
    text = tables([PEER | {"scenario": "start.warm", "wall_s": 1.0}, PEER])
    assert MISSING in row_of("warm start", text)
    assert "| signin.hash | argon2-cffi | 33 | – |" in text
    assert "| start.warm | myschool |" not in tables([WARM])


def test_a_peer_that_could_not_run_says_why() -> None:
    """A reason stands where its figures would be."""
    text = tables([PEER | {"missing": "no such engine here"}])
    assert f"| signin.hash | argon2-cffi | {MISSING}: no such engine here |" in text


def test_only_the_space_between_the_marks_is_written() -> None:
    """Words before and after stay, and writing twice changes nothing."""
    once = rendered(f"before\n{BEGIN}\nbygone\n{END}\nafter\n", [WARM])
    assert once.startswith(f"before\n{BEGIN}\n")
    assert once.endswith(f"{END}\nafter\n")
    assert "bygone" not in once
    assert rendered(once, [WARM]) == once


@pytest.mark.parametrize("page", ["words", BEGIN, END])
def test_a_page_without_marks_is_refused(page: str) -> None:
    """A page that lost its marks is not overwritten."""
    with pytest.raises(MarkersMissing):
        rendered(page, [])
