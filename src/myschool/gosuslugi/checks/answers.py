"""Answers came, pushed or taken from the queue: do they count, and what do they say? A check is decided once, here.

Many are decided in one transaction, a handful of statements for all: the checks are locked, weighed one after the other
in the order in which the answers came, and written.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from myschool.kit import agenda_many
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


ODD = frozenset({Outcome.CONTRARY, Outcome.FOREIGN, Outcome.NONSENSE})
"""What an operator should see."""


async def record(tx: Tx, vault: Vault, answer: Answer, now: datetime) -> Outcome:
    (outcome,) = await record_all(tx, vault, [answer], now)
    return outcome


async def record_all(tx: Tx, vault: Vault, said: Sequence[Answer], now: datetime) -> list[Outcome]:
    """What became of each. When one can not even be weighed nothing is written, of none of them."""
    books = await store.open_books(tx, [answer.request_id for answer in said])
    judged = [_judged(books, vault, answer, now) for answer in said]
    decided = [one.decided for one in judged if one.decided is not None]
    noted = [
        store.Note(answer.request_id, answer.evidence, one.outcome)
        for answer, one in zip(said, judged, strict=True)
        if answer.request_id in books
    ]
    await store.note_answers(tx, vault, noted, now)
    if decided:
        await store.save_decided(tx, decided)
        await actions.forget_timers(tx, [check.id for check in decided])
        await agenda_many.put(tx, [_told_of(check) for check in decided])
    outcomes = [one.outcome for one in judged]
    _log(said, outcomes)
    return outcomes


@dataclass(frozen=True)
class _Judged:
    outcome: Outcome
    decided: RegistryCheck | None = None


def _judged(books: store.Books, vault: Vault, answer: Answer, now: datetime) -> _Judged:
    """Weighs one answer; a check that it decides is decided for those that come after it too."""
    book = books.get(answer.request_id)
    if book is None:
        return _Judged(Outcome.NOT_ASKED)
    check = book.check
    if refusal := _refusal(check, answer, now):
        return _Judged(refusal)
    try:
        weighed = weigh(book.claim(vault), answer.evidence)
    except Nonsense:
        return _Judged(Outcome.NONSENSE)
    if check.verdict is not None:
        same = weighed.verdict is check.verdict and weighed.differing == check.differing
        return _Judged(Outcome.REPEATED if same else Outcome.CONTRARY)
    book.check = replace(
        check,
        state=weighed.verdict.state,
        differing=weighed.differing,
        forgiven=weighed.forgiven,
        since=now,
        reference=answer.reference,
        tries=0,
    )
    return _Judged(Outcome.DECIDED, book.check)


def _told_of(check: RegistryCheck) -> agenda_many.Entry:
    assert check.verdict is not None
    event = CheckDecided(check_id=check.id, kind=check.kind, subject_id=check.subject_id, verdict=check.verdict)
    return agenda_many.Entry(event, f"check:{check.id}:decided")


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


def _log(said: Sequence[Answer], outcomes: Sequence[Outcome]) -> None:
    """One line for all; those that an operator wonders about have one each."""
    log.info("registry_answers", **Counter(outcome.value for outcome in outcomes))
    for answer, outcome in zip(said, outcomes, strict=True):
        if outcome in ODD:
            log.warning("registry_answer", check=str(answer.request_id), outcome=outcome.value)
