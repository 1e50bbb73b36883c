"""What a browser's session remembers of ESIA: sign-ins that were begun, and the token that asks for the family."""

from datetime import UTC, datetime

from msgspec import convert, to_builtins

from myschool.esia.requests import new_attempt
from myschool.kit import clock
from myschool.kit.web.visit import Visit, local_path
from myschool.portal.signin.gateway import Esia
from myschool.portal.signin.keys import ClientKeys
from myschool.portal.signin.model import SCOPES, FamilyAccess, KeptAttempt, kept

CALLBACK = "/esia/callback"
ATTEMPTS = "esia_attempts"
ACCESS = "esia_family"
RENEWED = "esia_renewed"


async def begin(visit: Visit, esia: Esia, keys: ClientKeys, wanted: str) -> str:
    """The address at ESIA to which the browser goes; `wanted` is the page of this house to which it comes back."""
    now = clock.now()
    attempt = new_attempt(f"{visit.house.origin}{CALLBACK}", SCOPES)
    _remember(visit, kept(_remembered(visit), KeptAttempt(attempt, local_path(wanted), now), now))
    client = await keys.load(visit.tx, visit.house.vault)
    return esia.sign_in_url(client, attempt, now)


def take(visit: Visit, state: str) -> KeptAttempt | None:
    """Out of the session, so that an answer is believed once and in this browser only."""
    known = _remembered(visit)
    ours = next((one for one in known if one.attempt.state == state), None)
    if ours is not None:
        _remember(visit, [one for one in known if one is not ours])
    return ours


def _remembered(visit: Visit) -> list[KeptAttempt]:
    return [convert(one, KeptAttempt) for one in visit.session.get(ATTEMPTS) or []]


def _remember(visit: Visit, attempts: list[KeptAttempt]) -> None:
    visit.session.put(ATTEMPTS, to_builtins(attempts))


def keep_access(visit: Visit, access: FamilyAccess | None) -> None:
    """Sealed like all that lies in a session."""
    if access is None:
        drop_access(visit)
    else:
        visit.session.put(ACCESS, to_builtins(access))


def access_of(visit: Visit) -> FamilyAccess | None:
    found = visit.session.get(ACCESS)
    return convert(found, FamilyAccess) if found else None


def drop_access(visit: Visit) -> None:
    visit.session.pop(ACCESS)


def note_renewal(visit: Visit, now: datetime) -> None:
    visit.session.put(RENEWED, now.timestamp())


def renewed_at(visit: Visit) -> datetime | None:
    """When the browser was last sent for a fresh token on the way to a page."""
    seconds = visit.session.get(RENEWED)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
