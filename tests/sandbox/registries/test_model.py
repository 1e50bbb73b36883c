"""What a register says about a claim, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from myschool.papers.matching import Field, How
from myschool.papers.names import FullName
from myschool.sandbox.cast import CHILDREN, child
from myschool.sandbox.registries.model import AT_ONCE, ORDINARY, Fate, filed_under, weigh
from myschool.sandbox.registries.records import birth_record, certificate_document
from myschool.sandbox.registries.wire import Claim, Compared, Kind, Malformed, NoRecord, read_question

ALYONA = child("alyona")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
RECORD = birth_record(ALYONA.certificate, ALYONA.name, ALYONA.birth_date, "F", ALYONA.recorded_parents)


def claim(**changed: str | None) -> Claim:
    """What Olga types about Alyona, but for the named fields."""
    parent = {
        Field.PARENT_FAMILY_NAME: "Смирнова",
        Field.PARENT_GIVEN_NAME: "Ольга",
        Field.PARENT_PATRONYMIC: "Сергеевна",
    }
    return Claim(
        certificate_document(ALYONA.certificate),
        RECORD.particulars | parent | {Field(name): text for name, text in changed.items()},
    )


def differing(asked: Claim) -> list[Field]:
    said = weigh(asked, RECORD)
    assert isinstance(said, Compared)
    return [finding.field for finding in said.findings if finding.how not in (How.EQUAL, How.SAME_BUT_SPELLING)]


def test_what_agrees_is_said_to_agree() -> None:
    """Every field of the claim has its finding."""
    said = weigh(claim(), RECORD)
    assert isinstance(said, Compared)
    assert {finding.field for finding in said.findings} == set(claim().particulars)
    assert differing(claim()) == []


def test_either_parent_may_ask() -> None:
    """The father's name agrees as well as the mother's; a mixture of both does not."""
    father = {
        "parent_family_name": "Смирнов",
        "parent_given_name": "Дмитрий",
        "parent_patronymic": "Олегович",
    }
    assert differing(claim(**father)) == []
    assert differing(claim(parent_given_name="Дмитрий")) == [Field.PARENT_GIVEN_NAME]


def test_a_stranger_is_no_parent() -> None:
    """The guardian's name differs in all three fields."""
    tamara = {
        "parent_family_name": "Кузнецова",
        "parent_given_name": "Тамара",
        "parent_patronymic": "Ивановна",
    }
    assert differing(claim(**tamara)) == [
        Field.PARENT_FAMILY_NAME,
        Field.PARENT_GIVEN_NAME,
        Field.PARENT_PATRONYMIC,
    ]


def test_differing_fields_are_named_and_the_record_is_not() -> None:
    """Neither the wire nor `repr` carries what the register holds."""
    asked = claim(given_name="Елена", birth_date="2017-05-15")
    assert differing(asked) == [Field.GIVEN_NAME, Field.BIRTH_DATE]
    assert "Алёна" not in repr(weigh(asked, RECORD))
    assert "Алёна" not in repr(RECORD)


def test_a_swapped_day_and_month_is_seen_in_dates_of_the_wire() -> None:
    """Dates are compared as dates, not as text."""
    record = birth_record(ALYONA.certificate, ALYONA.name, ALYONA.birth_date.replace(day=7), "F", ())
    said = weigh(claim(birth_date="2017-07-05"), record)
    assert isinstance(said, Compared)
    assert {finding.field: finding.how for finding in said.findings}[Field.BIRTH_DATE] is How.SWAPPED_DAY_MONTH


def test_an_unknown_document_has_no_record() -> None:
    """Nothing is compared where nothing is held."""
    assert weigh(claim(), None) == NoRecord()


def test_all_families_written_with_e_are_confirmed() -> None:
    """Fyodor's record has «е» in every name, his father's claim «ё»."""
    fyodor = child("fyodor")
    assert fyodor.recorded_name == FullName("Семенов", "Федор", "Игоревич")
    record = birth_record(fyodor.certificate, fyodor.recorded_name, fyodor.birth_date, "M", fyodor.recorded_parents)
    typed = birth_record(
        fyodor.certificate, fyodor.name, fyodor.birth_date, "M", (FullName("Семёнов", "Игорь", "Петрович"),)
    )
    said = weigh(Claim(typed.document, typed.particulars | typed.alternatives[0]), record)
    assert isinstance(said, Compared)
    assert {finding.how for finding in said.findings} == {How.EQUAL, How.SAME_BUT_SPELLING}


def test_documents_are_found_whatever_the_order_of_their_words() -> None:
    """The filing text does not depend on how the asker ordered the JSON; another kind is another file."""
    assert filed_under(Kind.PASSPORT, {"series": "0026", "number": "1"}) == filed_under(
        Kind.PASSPORT, {"number": "1", "series": "0026"}
    )
    keys = {filed_under(Kind.BIRTH_CERTIFICATE, certificate_document(one.certificate)) for one in CHILDREN}
    assert len(keys) == len(CHILDREN)


def test_the_ordinary_answer_takes_a_quarter_of_an_hour() -> None:
    """Births 15 minutes, other registers two."""
    assert ORDINARY.due_at(MONDAY) == MONDAY + timedelta(minutes=15)
    assert AT_ONCE.due_at(MONDAY) == MONDAY + timedelta(minutes=2)


def test_six_working_days_outlast_the_promise_of_five() -> None:
    """Asked on Monday: promised by the end of next Monday, answered at the end of next Tuesday."""
    assert Fate(working_days=6).due_at(MONDAY) == datetime(2026, 12, 1, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"request_id": "x", "kind": "snils", "claim": {"document": {}, "particulars": {}}}',
        b'{"request_id": "01890000-0000-7000-8000-000000000000", "kind": "tax", "claim": {}}',
        (
            b'{"request_id": "01890000-0000-7000-8000-000000000000", "kind": "snils",'
            b' "claim": {"document": {"number": "1"}, "particulars": {"sex": "F"}}}'
        ),
        (
            b'{"request_id": "01890000-0000-7000-8000-000000000000", "kind": "snils",'
            b' "claim": {"document": {"snils": "1"}, "particulars": {}}}'
        ),
        (
            b'{"request_id": "01890000-0000-7000-8000-000000000000", "kind": "snils",'
            b' "claim": {"document": {"snils": "1"}, "particulars": {"birth_date": "14.05.2017"}}}'
        ),
        (
            b'{"request_id": "01890000-0000-7000-8000-000000000000", "kind": "snils",'
            b' "claim": {"document": {"snils": "1"}, "particulars": {"height": "2"}}}'
        ),
    ],
)
def test_a_malformed_question_is_refused_without_quoting_it(body: bytes) -> None:
    """Not JSON, missing words, another kind's document, nothing to compare, a date that is none, an unknown field."""
    with pytest.raises(Malformed) as refused:
        read_question(body)
    assert "14.05.2017" not in refused.value.reason
