"""`/rs/prns`: shapes, scopes, collections, and the client that reads them."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from myschool.esia import client, scopes
from myschool.esia.client import EsiaRefused, OutOfOrder, ScopeMissing, TokenNotAccepted
from myschool.esia.records import (
    AddressRecord,
    ChildRecord,
    Collection,
    ContactRecord,
    DocumentRecord,
    OrganisationRecord,
    PersonRecord,
    Verified,
    collection,
    etag_of,
    read_embed,
    read_record,
    visible_addresses,
    visible_children,
    visible_contacts,
    visible_documents,
    visible_organisations,
    visible_person,
    write_record,
)
from myschool.esia.timestamps import read_date, write_date
from tests.esia.parts import BASE, OID, SCOPES, attempt

PERSON = PersonRecord(
    state_facts=["EntityRoot"],
    first_name="Лада",
    last_name="Соколова",
    birth_date="05.04.1987",
    gender="F",
    snils="000-000-600 06",
    inn="000000000000",
    citizenship="RUS",
    trusted=True,
    status="REGISTERED",
    r_id_doc=7,
    contacts=collection([ContactRecord(id=1, type="EML", vrf_stu=Verified.VERIFIED, value="lada@example.org")]),
)
CONTACTS = [
    ContactRecord(id=1, type="EML", vrf_stu=Verified.VERIFIED, value="lada@example.org"),
    ContactRecord(id=2, type="MBT", vrf_stu=Verified.VERIFIED, value="+7(900)0000000"),
    ContactRecord(id=3, type="PHN", vrf_stu=Verified.NOT_VERIFIED, value="+7(487)0000000"),
]
DOCUMENTS = [
    DocumentRecord(id=7, type="RF_PASSPORT", vrf_stu=Verified.VERIFIED, series="0000", number="000001"),
    DocumentRecord(id=8, type="RF_BRTH_CERT", vrf_stu=Verified.VERIFIED, series="I-АА", number="000002"),
    DocumentRecord(id=9, type="MDCL_PLCY", vrf_stu=Verified.VERIFIED, number="3"),
]
CHILD = ChildRecord(
    id=1, first_name="Мира", last_name="Соколова", birth_date="01.09.2016", snils="000-000-600 07",
    documents=collection(DOCUMENTS[1:]),
)  # fmt: skip


def _said(record: Any) -> set[str]:
    return set(msgspec.json.decode(write_record(record)))


def test_a_field_whose_scope_was_not_granted_is_absent() -> None:
    """Not null: absent. What is nobody's secret stays."""
    assert _said(visible_person(PERSON, frozenset({"openid"}))) == {"stateFacts", "trusted", "status", "rIdDoc"}
    some = _said(visible_person(PERSON, frozenset({"fullname", "birthdate"})))
    assert some == {"stateFacts", "trusted", "status", "rIdDoc", "firstName", "lastName", "birthDate"}


@pytest.mark.parametrize("scope", sorted(scopes.PERSON_FIELDS))
def test_each_scope_opens_its_fields_and_no_other(scope: str) -> None:
    """Field by field."""
    filled = msgspec.structs.replace(PERSON, middle_name="Ивановна", birth_place="Тула", contacts=UNSET)
    opened = _said(visible_person(filled, frozenset({scope}))) - _said(visible_person(filled, frozenset()))
    renamed = {"birth_place": "birthPlace", "birth_date": "birthDate"}
    renamed |= {"first_name": "firstName", "last_name": "lastName", "middle_name": "middleName"}
    assert opened == {renamed.get(field, field) for field in scopes.PERSON_FIELDS[scope]}


def test_embedded_collections_are_never_left_in_by_accident() -> None:
    """`visible_person` takes them out whatever the scopes are."""
    everything = frozenset(scopes.SCOPES)
    assert "contacts" not in _said(visible_person(PERSON, everything))


def test_contacts_and_documents_are_shown_by_kind_or_answered_403() -> None:
    """None means 403; an empty list means there are none."""
    assert visible_contacts(CONTACTS, frozenset({"fullname"})) is None
    assert visible_contacts(CONTACTS, frozenset({"email"})) == CONTACTS[:1]
    assert visible_contacts(CONTACTS, frozenset({"mobile"})) == CONTACTS[1:2]
    assert visible_contacts(CONTACTS, frozenset({"contacts"})) == CONTACTS
    assert visible_documents(DOCUMENTS, frozenset({"contacts"})) is None
    assert visible_documents(DOCUMENTS, frozenset({"birth_cert_doc"})) == DOCUMENTS[1:2]
    assert visible_documents([], frozenset({"birth_cert_doc"})) == []


def test_a_child_is_shown_by_the_kid_scopes() -> None:
    """The parent's own scopes open nothing of the child."""
    assert visible_children([CHILD], frozenset({"fullname", "snils", "birth_cert_doc"})) is None
    shown = visible_children([CHILD], frozenset({"kid_fullname", "kid_birth_cert_doc"}))
    assert shown is not None
    assert shown[0].snils is UNSET
    assert isinstance(shown[0].documents, Collection)
    assert [document.type for document in shown[0].documents.elements] == ["RF_BRTH_CERT"]
    names_only = visible_children([CHILD], frozenset({"kid_fullname"}))
    assert names_only is not None
    assert _said(names_only[0]) == {"id", "firstName", "lastName"}


def test_addresses_and_organisations_need_their_scope() -> None:
    """Else 403."""
    address, organisation = AddressRecord(type="PLV", city="Тула"), OrganisationRecord(oid=5, ogrn="1", chief=True)
    assert visible_addresses([address], frozenset({"fullname"})) is None
    for scope in ("addresses", "contacts"):
        assert visible_addresses([address], frozenset({scope})) == [address]
    assert visible_organisations([organisation], frozenset({"fullname"})) is None
    assert visible_organisations([organisation], frozenset({"usr_org"})) == [organisation]


def test_a_collection_has_size_and_links_or_records() -> None:
    """With and without `embed`."""
    links = collection([f"{BASE}/rs/prns/{OID}/ctts/1"])
    written = msgspec.json.decode(write_record(links))
    assert written["stateFacts"] == ["hasSize"]
    assert written["size"] == 1
    assert rb"\/rs\/prns\/" in write_record(links)
    embedded = read_record(write_record(collection(CONTACTS)), Collection[ContactRecord])
    assert embedded.elements == CONTACTS


def test_an_etag_follows_the_content() -> None:
    """40 upper-case hex digits."""
    assert etag_of(CONTACTS) == etag_of(list(CONTACTS)) != etag_of(CONTACTS[:1])
    assert len(etag_of([])) == 40
    assert etag_of([]).upper() == etag_of([])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(contacts.elements,addresses.elements,kids.elements)", {"contacts", "addresses", "kids"}),
        ("(elements)", {"elements"}),
        ("(documents.elements-1)", {"documents"}),
        ("()", set()),
        (None, set()),
        ("contacts", set()),
        ("(a)(b)", set()),
    ],
)
def test_embed_is_read_forgivingly(text: str | None, names: set[str]) -> None:
    """Nonsense embeds nothing."""
    assert read_embed(text) == names


_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)
_absent_or = st.one_of(st.just(UNSET), _words)


@given(st.builds(PersonRecord, first_name=_absent_or, snils=_absent_or, birth_place=_absent_or))
def test_a_person_survives_the_wire(record: PersonRecord) -> None:
    """Written and read again he is the same, whatever letters his name has."""
    assert client.read_person_response(200, write_record(record)) == record


@given(st.dates())
def test_a_date_survives_the_wire(day: date) -> None:
    """dd.MM.yyyy, four digits of year."""
    assert read_date(write_date(day)) == day
    assert len(write_date(day)) == 10


@pytest.mark.parametrize("text", ["", "1.9.2026", "2026-09-01", "31.02.2026", "٠١.٠٩.٢٠٢٦", "01.09.2026\n"])
def test_what_is_no_date_is_none(text: str) -> None:
    """No guessing."""
    assert read_date(text) is None


def test_nothing_personal_in_a_repr() -> None:
    """Records are logged by accident sooner or later."""
    assert repr(PERSON) == "PersonRecord(…)"
    assert "Мира" not in repr(collection([CHILD]))


def test_every_scope_has_plain_words_and_groups_stand_in_order() -> None:
    """The consent page of a real school portal."""
    page = scopes.grouped(SCOPES.split())
    assert [group.value for group, _ in page] == ["Основные сведения", "Документы", "Сведения о детях"]
    assert [scope.name for scope in page[0][1]] == ["fullname", "birthdate", "gender", "snils"]
    assert all(scope.name != "openid" for _, members in page for scope in members)
    with pytest.raises(KeyError):
        scopes.grouped(["fullname", "unheard_of"])


def test_requests_for_data_name_the_person_and_bear_the_token() -> None:
    """Embed in one request instead of six."""
    asked = client.person_request(BASE, OID, "token-1", ("contacts", "kids"))
    assert asked.url == f"{BASE}/rs/prns/{OID}?embed=(contacts.elements,kids.elements)"
    assert asked.headers["Authorization"] == "Bearer token-1"
    assert "token-1" not in repr(asked)
    assert client.kids_request(BASE, OID, "t").url == f"{BASE}/rs/prns/{OID}/kids?embed=(elements)"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b"", TokenNotAccepted),
        (403, b"", ScopeMissing),
        (500, b"{}", OutOfOrder),
        (200, b"<html>", OutOfOrder),
        (200, b'{"firstName": 5}', OutOfOrder),
        (404, b"", OutOfOrder),
    ],
)
def test_an_answer_that_is_no_person_has_its_reason(status: int, body: bytes, expected: type[Exception]) -> None:
    """The caller decides by the kind: sign in again, ask for more, try later."""
    with pytest.raises(expected):
        client.read_person_response(status, body)


def test_the_client_reads_children_with_fields_it_does_not_know() -> None:
    """ESIA adds fields every year."""
    body = b'{"stateFacts":["hasSize"],"size":1,"elements":[{"id":5,"firstName":"\\u041c","unheardOf":{"a":[1]}}]}'
    assert client.read_kids_response(200, body)[0].first_name == "М"


FORM = {"state": attempt().state}


def test_a_token_answer_is_judged_by_the_state_of_its_own_request() -> None:
    """Not by the state of the authorization."""
    body = b'{"state":"%s","token_type":"Bearer","expires_in":3600,"access_token":"a.b.c"}'
    assert client.read_token_response(200, body % attempt().state.encode(), FORM).id_token is None
    with pytest.raises(client.AnswerRefused, match="other_state"):
        client.read_token_response(200, body % b"another", FORM)
    with pytest.raises(client.AnswerRefused, match="other_token_type"):
        client.read_token_response(200, (body % attempt().state.encode()).replace(b"Bearer", b"mac"), FORM)


def test_a_refusal_of_the_token_request_keeps_its_number() -> None:
    """HTTP 400 with ESIA's JSON."""
    body = b'{"error":"access_denied","error_description":"ESIA-007053: OAuthErrorEnum.clientSecretWrong","state":"s"}'
    with pytest.raises(EsiaRefused) as caught:
        client.read_token_response(400, body, FORM)
    assert caught.value.number == "007053"


def test_an_answer_with_a_foreign_state_is_not_even_read() -> None:
    """A forged refusal is no refusal."""
    for pairs in ({"state": "x", "code": "c"}, {"error": "access_denied"}, {"state": "x", "error": "access_denied"}):
        with pytest.raises(client.AnswerRefused, match="other_state"):
            client.read_authorization_response(pairs.items(), attempt())
    with pytest.raises(client.AnswerRefused, match="no_code"):
        client.read_authorization_response([("state", attempt().state)], attempt())
    with pytest.raises(client.AnswerRefused, match="unreadable"):
        client.read_authorization_response([("state", attempt().state), ("code", "a"), ("code", "b")], attempt())
