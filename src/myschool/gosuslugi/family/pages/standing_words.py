"""The shape of how a card stands, and its dates in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from myschool.papers.dates import MOSCOW, worded_date_near, worded_moment

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Act:
    """A button: a link, or a form that is posted."""

    text: str
    href: str
    posts: bool = False
    kind: str = "primary"


@dataclass(frozen=True)
class Standing:
    """`kind`: of the tag, info | good | wait | bad | off. `dialog`: the child's account may be made now."""

    tag: str
    kind: str
    text: str
    since: str = ""
    until: str = ""
    next: str = ""
    who: str = ""
    acts: Sequence[Act] = ()
    dialog: bool = False
    differing: Sequence[str] = field(default_factory=tuple)


def moment(at: datetime, now: datetime) -> str:
    return worded_moment(at, now, MOSCOW)


def day(at: datetime | None, now: datetime) -> str:
    """The last day of a deadline «до конца дня»: the moment is the first that no longer belongs to it."""
    if at is None:
        return ""
    last = (at.astimezone(MOSCOW) - SECOND).date()
    return worded_date_near(last, now.astimezone(MOSCOW).date())
