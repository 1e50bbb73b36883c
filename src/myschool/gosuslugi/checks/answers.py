"""An answer came, pushed or fetched: does it count, and what does it say? A check is decided once, here."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

import structlog

from myschool.gosuslugi.checks import actions, store
from myschool.gosuslugi.checks.model import (
    Answer,
    CheckDecided,
    CheckState,
    Nonsense,
    RegistryCheck,
    weigh,
)
from myschool.kit import agenda
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """What became of an answer. Only `decided` changed anything."""

    DECIDED = "decided"
    REPEATED = "repeated"
    """The check was decided by an answer that said the same."""
    CONTRARY = "contrary"
    """The check was decided by an answer that said otherwise; the first one stands, an operator looks."""
    SUPERSEDED = "superseded"
    """It answers a question that was corrected since."""
    TOO_LATE = "too_late"
    NOT_ASKED = "not_asked"
    """We never asked this."""
    FOREIGN = "foreign"
    """It bears another reference than the registry gave this question."""
    NONSENSE = "nonsense"
    """It answers something else than was asked; the check waits on."""


async def record(tx: Tx, vault: Vault, answer: Answer, now: datetime) -> Outcome:
    check = await store.load(tx, answer.request_id, for_update=True)
    if check is None:
        return _told(Outcome.NOT_ASKED, answer)
    outcome = await _settle(tx, vault, check, answer, now)
    await store.note_answer(tx, vault, check.id, answer.evidence, outcome, now)
    return _told(outcome, answer)


async def _settle(tx: Tx, vault: Vault, check: RegistryCheck, answer: Answer, now: datetime) -> Outcome:
    if refusal := _refusal(check, answer, now):
        return refusal
    claim = await store.claim_of(tx, vault, check.id)
    try:
        weighed = weigh(claim, answer.evidence)
    except Nonsense:
        return Outcome.NONSENSE
    if check.verdict is not None:
        same = weighed.verdict is check.verdict and weighed.differing == check.differing
        return Outcome.REPEATED if same else Outcome.CONTRARY
    decided = replace(
        check,
        state=weighed.verdict.state,
        differing=weighed.differing,
        forgiven=weighed.forgiven,
        since=now,
        reference=answer.reference,
        tries=0,
    )
    await store.save(tx, decided)
    await actions.forget_deadlines(tx, check.id)
    await agenda.put(
        tx,
        CheckDecided(check_id=check.id, kind=check.kind, subject_id=check.subject_id, verdict=weighed.verdict),
        key=f"check:{check.id}:decided",
    )
    return Outcome.DECIDED


def _refusal(check: RegistryCheck, answer: Answer, now: datetime) -> Outcome | None:
    """Why this answer can not count, whatever it says."""
    if check.state is CheckState.DRAFT:
        return Outcome.NOT_ASKED
    if check.state is CheckState.SUPERSEDED:
        return Outcome.SUPERSEDED
    if check.reference is not None and check.reference != answer.reference:
        return Outcome.FOREIGN
    # The timer may come a moment after the end; the end itself is what counts.
    ended = check.ends_at is not None and now >= check.ends_at
    if check.state is CheckState.EXPIRED or (check.is_waiting and ended):
        return Outcome.TOO_LATE
    return None


def _told(outcome: Outcome, answer: Answer) -> Outcome:
    tell = log.warning if outcome in (Outcome.CONTRARY, Outcome.FOREIGN, Outcome.NONSENSE) else log.info
    tell("registry_answer", check=str(answer.request_id), outcome=outcome.value)
    return outcome
