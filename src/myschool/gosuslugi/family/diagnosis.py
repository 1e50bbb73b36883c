"""«Способ №2»: why the dialog does not appear, and the one thing to do about it. Looks at the real state; has no words.

The questions are asked in the order of `Question`; the first "no" names the remedy, and where nobody said no, the first
that is not known yet. Every "no" has a remedy of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myschool.gosuslugi.checks.model import CheckState, RegistryCheck
from myschool.gosuslugi.family.model import CHILD_UNDER, READING, Child, Guardianship, GuardianshipState, is_too_old
from myschool.gosuslugi.family.questions import Questions, is_confirmed, is_denied
from myschool.gosuslugi.people.model import Level
from myschool.papers.certificates import CertificateKind
from myschool.papers.matching import PARENT_NAMES, Field

PARENT_FIELDS = PARENT_NAMES | {Field.PARENT_BIRTH_DATE}


class Question(StrEnum):
    OWN_PAPERS = "own_papers"
    """The adult's own passport and СНИЛС are proved."""
    ACCOUNT_CONFIRMED = "account_confirmed"
    YOUNG_ENOUGH = "young_enough"
    SNILS_FREE = "snils_free"
    CHECK_DECIDED = "check_decided"
    CERTIFICATE_FOUND = "certificate_found"
    DATA_AGREE = "data_agree"
    SNILS_CONFIRMED = "snils_confirmed"
    MAY_REPRESENT = "may_represent"
    NO_ACCOUNT_YET = "no_account_yet"


class Remedy(StrEnum):
    ENTER_OWN_PAPERS = "enter_own_papers"
    CONFIRM_ACCOUNT = "confirm_account"
    OWN_ACCOUNT = "own_account"
    WAIT = "wait"
    WAIT_OR_CENTRE = "wait_or_centre"
    CORRECT = "correct"
    ENTER_ACT_RECORD = "enter_act_record"
    WAIT_FOR_SNILS = "wait_for_snils"
    CORRECT_SNILS = "correct_snils"
    SEND_SNILS_AGAIN = "send_snils_again"
    SEND_AGAIN = "send_again"
    GO_TO_CENTRE = "go_to_centre"
    ADD_CHILD = "add_child"
    """There is no card yet."""
    OPEN_DIALOG = "open_dialog"
    ATTACH = "attach"
    WAIT_FOR_PUPIL = "wait_for_pupil"
    NOTHING = "nothing"
    """The account is there and attached."""


@dataclass(frozen=True)
class Finding:
    question: Question
    holds: bool | None
    """None: not known yet."""


@dataclass(frozen=True)
class Diagnosis:
    findings: tuple[Finding, ...]
    remedy: Remedy


def diagnose(
    level: Level,
    row: Guardianship,
    asked: Questions,
    child: Child | None,
    today: date,
    *,
    child_under: int = CHILD_UNDER,
) -> Diagnosis:
    young = row.rights == READING or not is_too_old(row.card.birth_date, today, child_under)
    findings = tuple(_findings(level, row, asked, child, young))
    failed = [finding.question for holds in (False, None) for finding in findings if finding.holds is holds]
    return Diagnosis(findings, _remedy(failed[0] if failed else None, row, asked))


def diagnose_before_card(
    level: Level, born_on: date | None, today: date, *, child_under: int = CHILD_UNDER
) -> Diagnosis:
    """`born_on`: as typed into a card that is not sent; None: not typed yet, which stands in nobody's way."""
    young = None if born_on is None else not is_too_old(born_on, today, child_under)
    findings = (*_of_adult(level), Finding(Question.YOUNG_ENOUGH, young))
    failed = next((finding.question for finding in findings if finding.holds is False), None)
    return Diagnosis(findings, _BEFORE_CARD[failed])


def _of_adult(level: Level) -> Iterator[Finding]:
    yield Finding(Question.OWN_PAPERS, level in (Level.STANDARD, Level.CONFIRMED))
    yield Finding(Question.ACCOUNT_CONFIRMED, level is Level.CONFIRMED)


_BEFORE_CARD = {
    Question.OWN_PAPERS: Remedy.ENTER_OWN_PAPERS,
    Question.ACCOUNT_CONFIRMED: Remedy.CONFIRM_ACCOUNT,
    Question.YOUNG_ENOUGH: Remedy.OWN_ACCOUNT,
    None: Remedy.ADD_CHILD,
}


def _findings(level: Level, row: Guardianship, asked: Questions, child: Child | None, young: bool) -> Iterator[Finding]:
    check = asked.certificate
    settled = row.state in (GuardianshipState.ACTIVE, GuardianshipState.SUSPENDED)
    verdict = check.state if check is not None else None
    answered = verdict in (CheckState.CONFIRMED, CheckState.CONTRADICTED, CheckState.NOT_FOUND)
    clash = row.state is GuardianshipState.REVIEW and row.card.relation.stands_in_record_of_birth
    yield from _of_adult(level)
    yield Finding(Question.YOUNG_ENOUGH, young)
    yield Finding(Question.SNILS_FREE, not clash)
    number = _snils_holds(asked, settled or clash)
    # What can be corrected at once goes before what must be waited for.
    yield Finding(Question.CHECK_DECIDED, settled or answered or (None if number is False else False))
    found = verdict is not CheckState.NOT_FOUND if answered else None
    yield Finding(Question.CERTIFICATE_FOUND, settled or found)
    agree = verdict is CheckState.CONFIRMED if answered and found else None
    yield Finding(Question.DATA_AGREE, settled or agree)
    yield Finding(Question.SNILS_CONFIRMED, number)
    known = settled or (agree and number)
    yield Finding(Question.MAY_REPRESENT, (row.state is GuardianshipState.ACTIVE) if known else None)
    yield Finding(Question.NO_ACCOUNT_YET, child is None or child.person_id is None)


def _snils_holds(asked: Questions, settled: bool) -> bool | None:
    if settled or is_confirmed(asked.snils):
        return True
    ran_out = is_confirmed(asked.certificate) and asked.snils is not None and not asked.snils.is_open
    return False if is_denied(asked.snils) or ran_out else None


def _remedy(failed: Question | None, row: Guardianship, asked: Questions) -> Remedy:
    check = asked.certificate
    match failed:
        case None | Question.NO_ACCOUNT_YET if row.rights == READING and row.attached_at is None:
            return Remedy.WAIT_FOR_PUPIL
        case None:
            return Remedy.OPEN_DIALOG
        case Question.OWN_PAPERS:
            return Remedy.ENTER_OWN_PAPERS
        case Question.ACCOUNT_CONFIRMED:
            return Remedy.CONFIRM_ACCOUNT
        case Question.YOUNG_ENOUGH:
            return Remedy.OWN_ACCOUNT
        case Question.CHECK_DECIDED:
            return _while_undecided(row, check)
        case Question.CERTIFICATE_FOUND:
            return _when_not_found(row)
        case Question.DATA_AGREE:
            parent_differs = check is not None and bool(PARENT_FIELDS & set(check.differing))
            return Remedy.GO_TO_CENTRE if parent_differs else Remedy.CORRECT
        case Question.SNILS_CONFIRMED:
            return _about_snils(row, asked.snils)
        case Question.NO_ACCOUNT_YET:
            return Remedy.NOTHING if row.attached_at is not None else Remedy.ATTACH
        case _:
            return Remedy.GO_TO_CENTRE


def _while_undecided(row: Guardianship, check: RegistryCheck | None) -> Remedy:
    if check is None or not check.is_waiting:
        return Remedy.SEND_AGAIN if row.state is GuardianshipState.MISMATCH else Remedy.GO_TO_CENTRE
    return Remedy.WAIT_OR_CENTRE if check.state is CheckState.OVERDUE else Remedy.WAIT


def _about_snils(row: Guardianship, snils: RegistryCheck | None) -> Remedy:
    if is_denied(snils):
        return Remedy.CORRECT_SNILS
    if snils is not None and snils.is_waiting:
        return Remedy.WAIT_FOR_SNILS
    return Remedy.SEND_SNILS_AGAIN if row.state is GuardianshipState.MISMATCH else Remedy.GO_TO_CENTRE


def _when_not_found(row: Guardianship) -> Remedy:
    """A foreign paper is in no Russian register; an old one is often filed under its act record."""
    card = row.card
    if card.certificate_kind is CertificateKind.FOREIGN:
        return Remedy.GO_TO_CENTRE
    return Remedy.CORRECT if card.act_number else Remedy.ENTER_ACT_RECORD
