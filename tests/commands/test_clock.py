"""The sandbox's clock as it is typed."""

from argparse import ArgumentTypeError
from datetime import timedelta

import pytest

from myschool.commands.clock import span


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5d", timedelta(days=5)),
        ("36h", timedelta(hours=36)),
        ("90m", timedelta(minutes=90)),
        ("2w", timedelta(weeks=2)),
        ("-1d", timedelta(days=-1)),
    ],
)
def test_spans_are_read(typed: str, meant: timedelta) -> None:
    """A number and a letter; a minus goes back."""
    assert span(typed) == meant


@pytest.mark.parametrize("typed", ["", "5", "d", "5 d", "5d5h", "1e3d", "999999d", "5д", "٥d"])
def test_anything_else_is_refused(typed: str) -> None:
    """With an example of what is understood."""
    with pytest.raises(ArgumentTypeError, match="5d, 36h"):
        span(typed)
