"""Who may use a platform, and what may follow what: values in, values out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from myschool.oidc.registration import RegisteredClient
from myschool.papers.numbers import Ogrn
from myschool.portal.content.model import (
    GIVEN,
    LAUNCHING,
    MOVES,
    Access,
    AccessClosed,
    Claim,
    Entitlement,
    EntitlementState,
    GuardianActivates,
    LearningPlatform,
    NotAllowed,
    Pupil,
    Why,
    activated,
    evaluate,
    settled,
)
from myschool.portal.content.pages import words
from myschool.portal.joining.model import Membership, MembershipState
from myschool.portal.roll.model import AcademicYear, SchoolClass

TODAY, NOW = date(2026, 11, 23), datetime(2026, 11, 23, 9, tzinfo=UTC)
ME, PARENT = UUID(int=1), UUID(int=2)
CLIENT = RegisteredClient("c", frozenset({"https://p.test/cb"}), frozenset({"openid", "role"}), "p.test")
PLATFORM = LearningPlatform(
    id=UUID(int=9),
    slug="p",
    name="П",
    about="",
    subjects=("Математика",),
    first_grade=5,
    last_grade=9,
    free_until=date(2027, 5, 31),
    claims=frozenset({Claim.ROLE}),
    contact="",
    client=CLIENT,
)


def member(grade: int = 8, year: int = 2026, state: MembershipState = MembershipState.ACTIVE) -> Membership:
    school_class = SchoolClass(grade, "Б")
    return Membership(uuid4(), ME, Ogrn("1022402060328"), school_class, AcademicYear(year), state, NOW)


PUPIL = Pupil(ME, member(), consented=True, is_child=False)

CASES = [
    ("all holds", PLATFORM, PUPIL, None),
    ("lowest grade", PLATFORM, replace(PUPIL, membership=member(5)), None),
    ("highest grade", PLATFORM, replace(PUPIL, membership=member(9)), None),
    ("last day of the offer", replace(PLATFORM, free_until=TODAY), PUPIL, None),
    ("offer without an end", replace(PLATFORM, free_until=None), PUPIL, None),
    ("a child under 14", PLATFORM, replace(PUPIL, is_child=True), None),
    ("not connected", replace(PLATFORM, client=None), PUPIL, Why.NOT_CONNECTED),
    ("offer ended yesterday", replace(PLATFORM, free_until=date(2026, 11, 22)), PUPIL, Why.OFFER_ENDED),
    ("no school", PLATFORM, replace(PUPIL, membership=None), Why.NO_SCHOOL),
    ("left school", PLATFORM, replace(PUPIL, membership=member(state=MembershipState.LEFT)), Why.NO_SCHOOL),
    ("last year's class", PLATFORM, replace(PUPIL, membership=member(year=2025)), Why.YEAR_OVER),
    ("grade too low", PLATFORM, replace(PUPIL, membership=member(4)), Why.WRONG_GRADE),
    ("grade too high", PLATFORM, replace(PUPIL, membership=member(10)), Why.WRONG_GRADE),
    ("no consent", PLATFORM, replace(PUPIL, consented=False), Why.NO_CONSENT),
    (
        "an ended offer is named before the missing school",
        replace(PLATFORM, free_until=date(2026, 1, 1)),
        replace(PUPIL, membership=None, consented=False),
        Why.OFFER_ENDED,
    ),
]


@pytest.mark.parametrize(("case", "platform", "pupil", "why"), CASES, ids=[case[0] for case in CASES])
def test_access_is_decided_by_one_table(case: str, platform: LearningPlatform, pupil: Pupil, why: Why | None) -> None:
    """Each condition alone closes the platform and is named."""
    assert evaluate(platform, pupil, TODAY).why is why


def test_access_ends_with_the_offer_or_the_year() -> None:
    """Whichever comes first."""
    assert evaluate(PLATFORM, PUPIL, TODAY).until == date(2027, 5, 31)
    assert evaluate(replace(PLATFORM, free_until=date(2028, 1, 1)), PUPIL, TODAY).until == date(2027, 8, 31)


def test_every_reason_has_words_for_every_reader() -> None:
    """No dead end: why it is closed and what to do is said to the pupil, the child and the parent."""
    for why in Why:
        for guardian, child in ((False, False), (False, True), (True, True)):
            said = words.locked(why, for_guardian=guardian, is_child=child)
            assert said.why
            assert said.remedy


def held(state: EntitlementState, **other: object) -> Entitlement:
    given = {"agreed": PLATFORM.claims, "activated_by": ME, "until": date(2027, 5, 31)} if state in GIVEN else {}
    return Entitlement(ME, PLATFORM.id, state, **{**given, **other})  # type: ignore[arg-type]


S = EntitlementState
OPEN = Access(None, date(2027, 5, 31))
SETTLING = [
    (S.UNAVAILABLE, OPEN, S.AVAILABLE),
    (S.AVAILABLE, OPEN, S.AVAILABLE),
    (S.ACTIVE, OPEN, S.ACTIVE),
    (S.SUSPENDED, OPEN, S.ACTIVE),
    (S.EXPIRED, OPEN, S.AVAILABLE),
    (S.WITHDRAWN, OPEN, S.WITHDRAWN),
    (S.PLATFORM_ERROR, OPEN, S.PLATFORM_ERROR),
    *((state, Access(Why.NO_SCHOOL), S.UNAVAILABLE) for state in (S.UNAVAILABLE, S.AVAILABLE)),
    *((state, Access(Why.NO_CONSENT), S.SUSPENDED) for state in sorted(GIVEN)),
    *((state, Access(Why.OFFER_ENDED), S.EXPIRED) for state in sorted(GIVEN)),
    (S.WITHDRAWN, Access(Why.NO_SCHOOL), S.WITHDRAWN),
    (S.EXPIRED, Access(Why.NO_SCHOOL), S.EXPIRED),
]


@pytest.mark.parametrize(("was", "access", "becomes"), SETTLING)
def test_what_is_held_follows_the_conditions(was: S, access: Access, becomes: S) -> None:
    """At once, by the table, and settling again changes nothing."""
    once = settled(held(was), PLATFORM, access, TODAY)
    assert once.state is becomes
    assert settled(once, PLATFORM, access, TODAY) == once


def test_what_ran_out_is_asked_for_anew() -> None:
    """An entitlement past its day does not come back by itself when the offer is prolonged."""
    past = held(S.ACTIVE, until=date(2026, 11, 22))
    assert settled(past, PLATFORM, OPEN, TODAY).state is S.AVAILABLE
    assert settled(held(S.ACTIVE, until=TODAY), PLATFORM, OPEN, TODAY).state is S.ACTIVE


def test_a_platform_that_wants_more_is_agreed_to_anew() -> None:
    """What the family agreed to is never widened behind its back; asking for less changes nothing."""
    curious = replace(PLATFORM, claims=frozenset({Claim.ROLE, Claim.NAME}))
    assert settled(held(S.ACTIVE), curious, OPEN, TODAY).state is S.AVAILABLE
    modest = replace(PLATFORM, claims=frozenset[Claim]())
    assert settled(held(S.ACTIVE), modest, OPEN, TODAY).state is S.ACTIVE


def test_a_child_does_not_activate_and_a_parent_does() -> None:
    """Under 14 the parent decides; what he agreed to and when is kept."""
    child = replace(PUPIL, is_child=True)
    with pytest.raises(GuardianActivates):
        activated(held(S.AVAILABLE), PLATFORM, child, ME, NOW, TODAY)
    given = activated(held(S.AVAILABLE), PLATFORM, child, PARENT, NOW, TODAY)
    assert (given.state, given.agreed, given.activated_by) == (S.ACTIVE, PLATFORM.claims, PARENT)


def test_nothing_closed_is_activated() -> None:
    """The refusal carries the reason."""
    with pytest.raises(AccessClosed) as refused:
        activated(held(S.UNAVAILABLE), PLATFORM, replace(PUPIL, consented=False), ME, NOW, TODAY)
    assert refused.value.access.why is Why.NO_CONSENT


def test_a_second_press_changes_nothing() -> None:
    """Who agreed first, and when, stands."""
    first = activated(held(S.AVAILABLE), PLATFORM, PUPIL, ME, NOW, TODAY)
    assert activated(first, PLATFORM, PUPIL, PARENT, NOW.replace(hour=20), TODAY) == first


def test_only_the_moves_of_the_table_are_made() -> None:
    """Every pair of states that the table does not name is refused."""
    for state in S:
        for wanted in set(S) - MOVES[state] - {state}:
            with pytest.raises(NotAllowed):
                held(state).moved(wanted)
    assert set(MOVES) == set(S)
    assert GIVEN >= LAUNCHING
