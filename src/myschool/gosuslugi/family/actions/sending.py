"""A card goes to the registers: for the first time, corrected, or again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.checks.model import RegistryCheck
from myschool.gosuslugi.family.actions import asking, drafts, following, letters, moving, settling
from myschool.gosuslugi.family.model import (
    CHILD_UNDER,
    CORRECTABLE,
    READING,
    WAITING_LIFE,
    AccountNotConfirmed,
    AddedAlready,
    Card,
    Draft,
    Guardianship,
    GuardianshipState,
    NotNow,
    NotYours,
    Step,
    TooOld,
    is_too_old,
    may_be_attached,
)
from myschool.gosuslugi.family.store import drafts as draft_store
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit.db import Tx
from myschool.kit.ids import new_id, readable_code
from myschool.kit.vault import Vault

NUMBER_ATTEMPTS = 20


async def submit(
    tx: Tx,
    vault: Vault,
    draft_id: UUID,
    guardian: Person,
    card: Card,
    now: datetime,
    *,
    child_under: int = CHILD_UNDER,
    to_attach: bool = False,
) -> Guardianship:
    """What the draft has become; pressed again, the same. The card was read from the draft by the page.

    `to_attach`: of a pupil too old for a child's account, whose own account the parent wants to have attached.

    Raises NotYours, AccountNotConfirmed, TooOld, AddedAlready, NotNow; the draft is kept then.
    """
    draft = await drafts.mine(tx, vault, draft_id, guardian.id)
    if draft.sent_as is not None:
        return await moving.locked(tx, vault, draft.sent_as, guardian.id)
    check_may_send(guardian, card, now, child_under, to_attach=to_attach)
    sent = (
        await _corrected(tx, vault, draft, card, now)
        if draft.guardianship_id
        else await claim(tx, vault, draft.guardian_id, card, now)
    )
    grown = is_too_old(card.birth_date, card.day_at(now), child_under)
    sent = replace(sent, rights=READING if grown else frozenset())
    await store.save(tx, sent)
    sent = await ask(tx, vault, sent, guardian, now, reason="corrected" if draft.guardianship_id else "sent")
    await draft_store.mark_sent(tx, draft.id, sent.id, now)
    return sent


async def claim(tx: Tx, vault: Vault, guardian_id: UUID, card: Card, now: datetime) -> Guardianship:
    """The card is written down with its number and asked about by nobody yet. Raises AddedAlready."""
    for _ in range(NUMBER_ATTEMPTS):
        row = Guardianship(
            new_id(),
            fresh_number(),
            guardian_id,
            card,
            GuardianshipState.CLAIMED,
            since=now,
            created_at=now,
            due_at=now + WAITING_LIFE,
        )
        if await store.add(tx, vault, row):
            await store.add_step(tx, row.id, Step(now, row.state, "claimed"))
            await moving.watch(tx, row, now)
            return row
        if same := await store.with_snils(tx, vault, guardian_id, card.snils_digits):
            raise AddedAlready(same.id)
    raise AssertionError("numbers are thousands of millions; twenty in a row are never taken")


async def again(
    tx: Tx, vault: Vault, guardianship_id: UUID, guardian: Person, now: datetime, *, child_under: int = CHILD_UNDER
) -> Guardianship:
    """The same card once more. Raises NotYours, AccountNotConfirmed, TooOld, NotNow."""
    row = await moving.locked(tx, vault, guardianship_id, guardian.id)
    if row.state is GuardianshipState.CHECKING:
        return row  # pressed twice
    check_may_send(guardian, row.card, now, child_under, to_attach=row.rights == READING)
    return await ask(tx, vault, row, guardian, now, reason="sent_again")


def check_may_send(guardian: Person, card: Card, now: datetime, child_under: int, *, to_attach: bool = False) -> None:
    """Raises AccountNotConfirmed, TooOld."""
    if guardian.level is not Level.CONFIRMED:
        raise AccountNotConfirmed
    day = card.day_at(now)
    if is_too_old(card.birth_date, day, child_under) and not (to_attach and may_be_attached(card.birth_date, day)):
        raise TooOld(card.birth_date)


async def ask(tx: Tx, vault: Vault, row: Guardianship, guardian: Person, now: datetime, *, reason: str) -> Guardianship:
    """Puts both questions to the registers; answers to earlier ones no longer count.

    What was confirmed before and has not changed is not asked again; where that is all, the card is settled at once.
    """
    check = await asking.ask_about_certificate(tx, vault, row, guardian, now)
    await asking.ask_about_snils(tx, vault, row.id, row.card, now)
    actor = people.chain_of(guardian.id)
    if row.state is GuardianshipState.CHECKING:
        await moving.note(tx, row, reason, now, actor=actor)
    else:
        row = await moving.move(tx, row, GuardianshipState.CHECKING, now, reason=reason, actor=actor)
    if check.due_at is not None:
        await moving.tell(tx, vault, row, letters.sent(row, check.due_at), key=f"family:{check.id}:sent")
    return await settling.conclude(tx, vault, row, now)


async def check_of(tx: Tx, guardianship_id: UUID) -> RegistryCheck | None:
    """The newest question about this card's certificate."""
    return (await asking.questions_of(tx, guardianship_id)).certificate


async def _corrected(tx: Tx, vault: Vault, draft: Draft, card: Card, now: datetime) -> Guardianship:
    if draft.guardianship_id is None:
        raise NotYours
    row = await moving.locked(tx, vault, draft.guardianship_id, draft.guardian_id)
    if row.state not in CORRECTABLE:
        raise NotNow(row.id, row.state)
    other = await store.with_snils(tx, vault, draft.guardian_id, card.snils_digits)
    if other is not None and other.id != row.id:
        raise AddedAlready(other.id)
    corrected = replace(row, card=card)
    await store.save_card(tx, vault, corrected)
    await following.follow_card(tx, vault, corrected, now)
    return corrected


def fresh_number() -> str:
    return f"{readable_code(4)}-{readable_code(4)}"
