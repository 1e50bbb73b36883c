"""«Способ №2»: each "no" leads to its own remedy."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from myschool.gosuslugi.checks.model import CheckKind, CheckState, RegistryCheck
from myschool.gosuslugi.family.diagnosis import Question, Remedy, diagnose
from myschool.gosuslugi.family.model import Card, Child, Guardianship, GuardianshipState, Relation
from myschool.gosuslugi.family.questions import Questions
from myschool.gosuslugi.people.model import Level
from myschool.kit.ids import new_id
from myschool.papers.certificates import CertificateKind
from myschool.papers.matching import Field
from tests.gosuslugi.family.conftest import a_card

NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)
TODAY = NOW.date()


def a_row(state: GuardianshipState, card: Card | None = None) -> Guardianship:
    return Guardianship(new_id(), "4F7D-29GN", new_id(), card or a_card(), state, NOW, NOW)


def a_check(state: CheckState, *differing: Field) -> RegistryCheck:
    return RegistryCheck(new_id(), CheckKind.BIRTH_CERTIFICATE, new_id(), 1, state, differing, NOW, NOW)


def asked(certificate: CheckState, *differing: Field, snils: CheckState = CheckState.CONFIRMED) -> Questions:
    """The СНИЛС is in order unless said otherwise."""
    return Questions(a_check(certificate, *differing), a_check(snils))


S, C = GuardianshipState, CheckState
ACT = {"act_number": "17", "act_date": date(2017, 5, 25)}


@pytest.mark.parametrize(
    ("state", "check", "card", "remedy"),
    [
        (S.CHECKING, C.SENT, {}, Remedy.WAIT),
        (S.CHECKING, C.CHECKING, {}, Remedy.WAIT),
        (S.CHECKING, C.UNAVAILABLE, {}, Remedy.WAIT),
        (S.CHECKING, C.OVERDUE, {}, Remedy.WAIT_OR_CENTRE),
        (S.MISMATCH, C.EXPIRED, {}, Remedy.SEND_AGAIN),
        (S.MISMATCH, C.NOT_FOUND, {}, Remedy.ENTER_ACT_RECORD),
        (S.MISMATCH, C.NOT_FOUND, ACT, Remedy.CORRECT),
        (S.MISMATCH, C.NOT_FOUND, {"certificate_kind": CertificateKind.FOREIGN}, Remedy.GO_TO_CENTRE),
        (S.MISMATCH, C.CONTRADICTED, {}, Remedy.CORRECT),
        (S.REVIEW, C.CONFIRMED, {}, Remedy.GO_TO_CENTRE),
        (S.REVIEW, C.CONFIRMED, {"relation": Relation.GUARDIAN}, Remedy.GO_TO_CENTRE),
        (S.SUSPENDED, C.CONFIRMED, {}, Remedy.GO_TO_CENTRE),
        (S.ACTIVE, C.CONFIRMED, {}, Remedy.OPEN_DIALOG),
        (S.ACTIVE, C.SUPERSEDED, {}, Remedy.OPEN_DIALOG),
    ],
)
def test_each_state_has_one_thing_to_do(
    state: GuardianshipState, check: CheckState, card: dict[str, object], remedy: Remedy
) -> None:
    """With a confirmed account and a child young enough."""
    found = diagnose(Level.CONFIRMED, a_row(state, a_card(**card)), asked(check), None, TODAY)
    assert found.remedy is remedy


@pytest.mark.parametrize(
    ("state", "check", "snils", "remedy"),
    [
        # Both are awaited: the certificate takes longer, so it is told.
        (S.CHECKING, C.CHECKING, C.CHECKING, Remedy.WAIT),
        (S.CHECKING, C.CONFIRMED, C.SENT, Remedy.WAIT_FOR_SNILS),
        (S.CHECKING, C.CONFIRMED, C.OVERDUE, Remedy.WAIT_FOR_SNILS),
        # What can be mended now goes before what must be waited for.
        (S.MISMATCH, C.CHECKING, C.CONTRADICTED, Remedy.CORRECT_SNILS),
        (S.MISMATCH, C.CONFIRMED, C.CONTRADICTED, Remedy.CORRECT_SNILS),
        (S.MISMATCH, C.CONFIRMED, C.NOT_FOUND, Remedy.CORRECT_SNILS),
        (S.MISMATCH, C.CONFIRMED, C.EXPIRED, Remedy.SEND_SNILS_AGAIN),
        # The certificate's own "no" is asked first.
        (S.MISMATCH, C.NOT_FOUND, C.CHECKING, Remedy.ENTER_ACT_RECORD),
        (S.MISMATCH, C.CONTRADICTED, C.NOT_FOUND, Remedy.CORRECT),
        (S.MISMATCH, C.EXPIRED, C.EXPIRED, Remedy.SEND_AGAIN),
        # A clerk has seen the paper: the register's word is not needed.
        (S.ACTIVE, C.SUPERSEDED, C.NOT_FOUND, Remedy.OPEN_DIALOG),
    ],
)
def test_the_snils_has_its_own_remedy(
    state: GuardianshipState, check: CheckState, snils: CheckState, remedy: Remedy
) -> None:
    """Beside every standing of the certificate."""
    assert diagnose(Level.CONFIRMED, a_row(state), asked(check, snils=snils), None, TODAY).remedy is remedy


@pytest.mark.parametrize("state", list(GuardianshipState))
@pytest.mark.parametrize("check", list(CheckState))
@pytest.mark.parametrize("snils", list(CheckState))
def test_no_state_is_a_dead_end(state: GuardianshipState, check: CheckState, snils: CheckState) -> None:
    """Whatever meets whatever, there is something to do."""
    found = diagnose(Level.CONFIRMED, a_row(state), asked(check, snils=snils), None, TODAY)
    assert found.remedy is not Remedy.NOTHING
    assert [finding.question for finding in found.findings] == list(Question)


def test_an_unconfirmed_account_comes_first() -> None:
    """Nothing else helps before that."""
    found = diagnose(Level.STANDARD, a_row(S.MISMATCH), asked(C.NOT_FOUND), None, TODAY)
    assert found.remedy is Remedy.CONFIRM_ACCOUNT


def test_a_child_who_turned_fourteen_meanwhile_registers_alone() -> None:
    """While the registry was thinking."""
    row = a_row(S.CHECKING, a_card(birth_date=date(2012, 11, 25)))
    assert diagnose(Level.CONFIRMED, row, asked(C.OVERDUE), None, TODAY).remedy is Remedy.OWN_ACCOUNT


def test_when_the_parents_own_name_differs_the_card_cannot_be_corrected() -> None:
    """A changed surname is shown to the clerk."""
    check = asked(C.CONTRADICTED, Field.PARENT_FAMILY_NAME)
    assert diagnose(Level.CONFIRMED, a_row(S.MISMATCH), check, None, TODAY).remedy is Remedy.GO_TO_CENTRE


def test_a_child_with_an_account_is_attached_and_then_there_is_nothing_to_do() -> None:
    """«Привязать» once."""
    row, child = a_row(S.ACTIVE), Child(new_id(), a_card(), new_id(), NOW)
    check = asked(C.CONFIRMED)
    assert diagnose(Level.CONFIRMED, row, check, child, TODAY).remedy is Remedy.ATTACH
    assert diagnose(Level.CONFIRMED, replace(row, attached_at=NOW), check, child, TODAY).remedy is Remedy.NOTHING
