"""The clock walks over the birthdays of a whole year of children: nobody is told twice, nobody is missed."""

from datetime import UTC, datetime

import pytest

from bench.cohort import Cohort, Walked, all_days, counts, judged, load, walk
from myschool.kit import clock
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.vault import Vault

CHILDREN = 1_100
"""Three of every day of a leap year, and a hundred of every time zone."""
BIRTH_YEAR = 2012


@pytest.mark.slow
async def test_a_years_children_are_told_once_each_on_their_days(db: Database, vault: Vault) -> None:
    """Twice over each tenth day, and once back: 8 letters a child, 29 February and Kamchatka among them."""
    cohort, walked = Cohort(BIRTH_YEAR), Walked()
    days = all_days(BIRTH_YEAR)
    path = [again for n, day in enumerate(days) for again in ([day, days[n - 5], day] if n % 10 == 9 else [day])]
    with clock.stopped(datetime(2025, 10, 1, tzinfo=UTC)) as stopped:
        assert isinstance(stopped, StoppedClock)
        await load(db, vault, cohort, CHILDREN)
        await walk(db, vault, stopped, path, walked)
    verdict = judged(cohort, walked)
    assert (verdict.duplicates, verdict.missed, verdict.astray) == (0, 0, 0)
    assert walked.letters == 8 * CHILDREN
    assert await counts(db) == (CHILDREN, CHILDREN)
