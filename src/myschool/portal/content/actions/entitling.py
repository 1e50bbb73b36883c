"""Who may use which platform: granted when a school approved, settled when anything changed, given by the family."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.portal.consents import actions as consents
from myschool.portal.content.actions import catalogue, guardians
from myschool.portal.content.model import (
    Entitlement,
    EntitlementState,
    LearningPlatform,
    Pupil,
    activated,
    evaluate,
    settled,
)
from myschool.portal.content.store import entitlements as store
from myschool.portal.joining.actions import submit as joining
from myschool.portal.people import actions as people


@dataclass(frozen=True)
class Offer:
    """A platform as it stands to one pupil now."""

    platform: LearningPlatform
    entitlement: Entitlement


def day_of(now: datetime) -> date:
    return now.astimezone(MOSCOW).date()


async def pupil(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> Pupil:
    """Raises UnknownPerson."""
    person = await people.person(tx, vault, person_id)
    return Pupil(
        person_id,
        await joining.membership_of(tx, person_id),
        await consents.standing(tx, person_id) is not None,
        person.is_child_on(day_of(now)),
        person.may_act,
    )


async def offers(tx: Tx, one: Pupil, now: datetime) -> list[Offer]:
    """The whole catalogue; reads only."""
    held = await store.held_by(tx, one.person_id)
    return [_offer(platform, one, held, now) for platform in await catalogue.platforms(tx)]


async def offer(tx: Tx, one: Pupil, platform: LearningPlatform, now: datetime) -> Offer:
    """Reads only."""
    held = await store.held(tx, one.person_id, platform.id)
    return _offer(platform, one, {platform.id: held}, now)


def _offer(platform: LearningPlatform, one: Pupil, held: Mapping[UUID, Entitlement], now: datetime) -> Offer:
    was = held.get(platform.id) or Entitlement(one.person_id, platform.id)
    return Offer(platform, _settled(was, platform, one, now))


def _settled(was: Entitlement, platform: LearningPlatform, one: Pupil, now: datetime) -> Entitlement:
    today = day_of(now)
    return settled(was, platform, evaluate(platform, one, today), today)


# -- what changed below ------------------------------------------------------------------------------------------------


async def grant_entitlements(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> None:
    """The school has approved: every connected platform is judged for this pupil. Twice changes nothing."""
    connected = [one.id for one in await catalogue.platforms(tx) if one.client is not None]
    await store.add_missing(tx, person_id, connected, now)
    await settle_entitlements(tx, vault, person_id, now)


async def settle_entitlements(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> None:
    """School, class or consent changed: whatever the pupil holds is judged anew."""
    one = await pupil(tx, vault, person_id, now)
    platforms = {platform.id: platform for platform in await catalogue.platforms(tx)}
    for platform_id, was in (await store.held_by(tx, person_id, for_update=True)).items():
        await _save(tx, was, _settled(was, platforms[platform_id], one, now), platforms[platform_id], "system", now)


# -- what the family decides -------------------------------------------------------------------------------------------


async def activate(
    tx: Tx, vault: Vault, actor_id: UUID, person_id: UUID, platform: LearningPlatform, now: datetime
) -> Entitlement:
    """«Получить доступ»: by a pupil of 14 or a parent. Pressed twice it changes nothing.

    Raises NotYourChild, AccessClosed, GuardianActivates, NotConfirmedYet.
    """
    one = await _decided_by(tx, vault, actor_id, person_id, now)
    was = await store.hold_for_update(tx, person_id, platform.id, now)
    given = activated(was, platform, one, actor_id, now, day_of(now))
    await _save(tx, was, given, platform, f"person:{actor_id}", now)
    return given


async def withdraw(
    tx: Tx, vault: Vault, actor_id: UUID, person_id: UUID, platform: LearningPlatform, now: datetime
) -> Entitlement:
    """From now on the platform gets nothing more. A child may, too: to refuse harms nobody.

    Raises NotYourChild, NotAllowed, NotConfirmedYet.
    """
    await _decided_by(tx, vault, actor_id, person_id, now)
    was = await store.hold_for_update(tx, person_id, platform.id, now)
    taken = was.moved(EntitlementState.WITHDRAWN)
    await _save(tx, was, taken, platform, f"person:{actor_id}", now)
    return taken


async def _decided_by(tx: Tx, vault: Vault, actor_id: UUID, person_id: UUID, now: datetime) -> Pupil:
    await people.check_may_act(tx, actor_id, person_id)
    if actor_id != person_id:
        await guardians.check_may_decide(tx, vault, actor_id, person_id, now)
    return await pupil(tx, vault, person_id, now)


async def _save(
    tx: Tx, was: Entitlement, now_is: Entitlement, platform: LearningPlatform, actor: str, now: datetime
) -> None:
    if was == now_is:
        return
    await store.save_entitlement(tx, now_is, now)
    if was.state is not now_is.state:
        facts = {"platform": platform.slug}
        tag = f"entitlement:{now_is.state}"
        await journal.write(tx, f"person:{now_is.person_id}", tag, actor=actor, facts=facts)
