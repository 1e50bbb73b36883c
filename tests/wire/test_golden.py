"""What others write, we take; what we write, stands letter by letter as others have seen it."""

from base64 import b64decode, urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from myschool.esia import client
from myschool.esia.authorize import AuthorizeRequest, Refused, judge_authorize
from myschool.esia.certificates import make_key_pair, read_certificate
from myschool.esia.claims import Provider, Subject, issuer_of
from myschool.esia.errors import refusal
from myschool.esia.levels import AccountLevel, PersonFilter, read_person_filter, write_person_filter
from myschool.esia.records import Collection, PersonRecord, read_record, visible_person
from myschool.esia.signing import Oddity
from myschool.esia.strings import authorize_string, first_generation_string
from myschool.esia.systems import InformationSystem
from myschool.esia.token_request import CodeGrant, judge_token_request
from myschool.esia.tokens import issue_access_token
from tests.wire import messages

CERTIFICATE = read_certificate(b64decode(messages.CERTIFICATE))
AT = datetime.fromisoformat(messages.AT)
SYSTEM = InformationSystem(
    mnemonic="TESTIS01",
    redirect_uris=frozenset({"https://client.example/esia/callback", "https://client.example/callback"}),
    scopes=frozenset({"openid", "fullname", "email"}),
    org_scopes=frozenset({"org_ogrn", "org_type"}),
    certificates=(replace(CERTIFICATE, not_before=AT - timedelta(days=1)),),
    may_go_offline=True,
    demands_pkce=False,
)


def _over_the_wire(parameters: Mapping[str, str]) -> list[tuple[str, str]]:
    return parse_qsl(urlencode(parameters), keep_blank_values=True)


@pytest.mark.parametrize(
    "parameters",
    [messages.PHP_AUTHORIZE, messages.PHP_ORGANISATION, messages.GO_AUTHORIZE],
    ids=["php", "php for an organisation", "go"],
)
def test_authorizations_of_two_real_clients_are_taken(parameters: dict[str, str]) -> None:
    """Signed by OpenSSL over the string that each client builds."""
    judged = judge_authorize(_over_the_wire(parameters), SYSTEM, AT)
    assert isinstance(judged, AuthorizeRequest), judged
    padded = parameters["client_secret"].endswith("=")
    assert judged.oddities == ((Oddity.PADDED,) if padded else ())


@pytest.mark.parametrize("parameters", [messages.PHP_TOKEN, messages.GO_TOKEN], ids=["php", "go"])
def test_token_requests_of_two_real_clients_are_taken(parameters: dict[str, str]) -> None:
    """The code stands at the end of the signed string."""
    judged = judge_token_request(_over_the_wire(parameters), SYSTEM, AT)
    assert isinstance(judged, CodeGrant), judged
    assert judged.code == messages.CODE


@pytest.mark.parametrize("name", ["client_id", "scope", "timestamp", "state", "redirect_uri"])
def test_each_signed_word_is_under_the_signature(name: str) -> None:
    """Any other value of it, however well formed, breaks the golden signature."""
    other = {
        "client_id": "TESTIS02",
        "scope": "openid fullname",
        "timestamp": "2026.12.01 09:00:01 +0300",
        "state": "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f8",
        "redirect_uri": "https://client.example/callback",
    }
    system = replace(SYSTEM, mnemonic=other["client_id"]) if name == "client_id" else SYSTEM
    judged = judge_authorize(_over_the_wire({**messages.PHP_AUTHORIZE, name: other[name]}), system, AT)
    assert isinstance(judged, Refused)
    assert judged.refusal.number == "007053"


def test_the_certificate_hash_is_what_openssl_prints() -> None:
    """`openssl x509 -outform der | openssl dgst -sha256`, in upper case."""
    assert CERTIFICATE.hash == messages.CERTIFICATE_HASH


def test_the_v1_string_has_the_client_third() -> None:
    """Two PHP and .NET clients agree."""
    given = ("TESTIS01", "openid fullname", "2026.12.01 09:00:00 +0300", "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9")
    assert first_generation_string(*given) == messages.FIRST_GENERATION_STRING
    assert authorize_string(*given, "https://a") != messages.FIRST_GENERATION_STRING


def test_our_access_token_has_productions_letters() -> None:
    """Header and claims, byte by byte: order of members, escaped slashes, no blanks."""
    at = datetime.fromtimestamp(1796104800, tz=UTC)
    provider = Provider(issuer_of("esia.example"), make_key_pair("esia", at))
    subject = Subject(1000000001, AccountLevel.CONFIRMED, at, "5" * 64)
    head, body, _ = issue_access_token(provider, "TESTIS01", ("fullname", "openid"), subject, at).split(".")
    assert urlsafe_b64decode(head + "==") == messages.ACCESS_HEADER
    assert urlsafe_b64decode(body + "==") == messages.ACCESS_CLAIMS


def test_the_person_filter_of_a_real_client_is_understood() -> None:
    """base64 of the word; the bare word too."""
    assert read_person_filter(messages.PHP_PERSON_FILTER) == {PersonFilter.CONFIRMED}
    assert read_person_filter("conf_acc") == {PersonFilter.CONFIRMED}
    assert write_person_filter([PersonFilter.CONFIRMED]) == messages.PHP_PERSON_FILTER
    assert read_person_filter("adults") is None
    assert read_person_filter("é") is None


def test_a_token_answer_as_a_real_client_knows_it_is_read() -> None:
    """With a refresh token and without an id_token."""
    received = client.read_token_response(200, messages.TOKEN_ANSWER, {"state": messages.PHP_TOKEN["state"]})
    assert received.refresh_token == "587253d9-21ae-4f32-b20e-d0542c99e09d"
    assert received.id_token is None


def test_refusals_of_production_are_written_and_read() -> None:
    """The texts with their odd apostrophe; numbers out of Russian and English texts."""
    assert refusal("007014", parameter="client_certificate_hash").description == messages.MISSING_PARAMETER
    with pytest.raises(client.EsiaRefused) as caught:
        client.read_token_response(400, messages.REFUSAL_ANSWER, {"state": "s"})
    assert (caught.value.number, caught.value.error) == ("007004", "access_denied")


def test_a_person_as_production_tells_him_is_read() -> None:
    """Embedded documents, and fields that nobody told us of."""
    person = client.read_person_response(200, messages.PERSON_ANSWER)
    assert person.first_name == "Лада"
    assert person.kid_acc_created_by_parent is False
    assert isinstance(person.documents, Collection)
    assert person.documents.elements[0].series == "0000"


def test_with_the_name_alone_the_number_of_the_document_stays() -> None:
    """A client with scope fullname got `rIdDoc`, `updatedOn`, `verifying`, and no citizenship."""
    person = read_record(messages.PERSON_ANSWER, PersonRecord)
    shown = visible_person(person, frozenset({"fullname"}))
    assert shown.r_id_doc == 1
    assert shown.updated_on == 1764854668
    assert not isinstance(shown.citizenship, str)


def test_links_and_roles_as_production_tells_them_are_read() -> None:
    """A collection without embed, and the roles of a head of an organisation."""
    links = read_record(messages.CONTACT_LINKS, Collection[str])
    assert links.elements == ["https://esia.example/rs/prns/1000000001/ctts/14434265"]
    role = client.read_organisations_response(200, messages.ROLES_ANSWER)[0]
    assert (role.oid, role.chief, role.type) == (1000000002, True, "LEGAL")
