"""The client's other side: what to send for tokens and data, and how to judge what came back. Sending is the caller's.

Composing the browser's URL and the token form is in `requests`; believing the tokens is in `tokens`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from myschool.esia.errors import number_in
from myschool.esia.jws import UnverifiedToken
from myschool.esia.records import (
    AddressRecord,
    ChildRecord,
    Collection,
    ContactRecord,
    DocumentRecord,
    OrganisationRecord,
    PersonRecord,
)
from myschool.esia.requests import PERSON_PATH, TOKEN_PATH, SignInAttempt
from myschool.esia.tokens import TokenResponse
from myschool.oidc.client import Request
from myschool.oidc.errors import AnswerRefused
from myschool.oidc.parameters import Pairs, read_parameters

T = TypeVar("T")


class EsiaRefused(AnswerRefused):
    """ESIA answered with a refusal of its catalogue. `number` is `007053`, or None when the text has none."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__("refused", error[:80], description[:400])
        self.number = number_in(description)


class ScopeMissing(AnswerRefused):
    """HTTP 403: the token does not open these data."""

    def __init__(self) -> None:
        super().__init__("scope_missing")


class TokenNotAccepted(AnswerRefused):
    """HTTP 401: the token has expired or was withdrawn; the person must sign in again."""

    def __init__(self) -> None:
        super().__init__("token_not_accepted")


class OutOfOrder(AnswerRefused):
    """HTTP 5xx, or an answer that cannot be read: try again later."""


@dataclass(frozen=True, slots=True)
class ReceivedTokens:
    """Tokens as they came; nothing in them is believed yet."""

    access_token: UnverifiedToken
    id_token: UnverifiedToken | None
    expires_in: int
    refresh_token: str | None = field(default=None, repr=False)


def read_authorization_response(pairs: Pairs, attempt: SignInAttempt) -> str:
    """The code. Raises `AnswerRefused` (`other_state`) or `EsiaRefused`.

    The state is compared before anything else is read: an answer of a stranger's making is not worth an error page.
    """
    given = read_parameters(pairs)
    if given.doubled or given.unreadable:
        raise AnswerRefused("unreadable")
    if not compare_digest((given.get("state") or "").encode(), attempt.state.encode()):
        raise AnswerRefused("other_state")
    if error := given.get("error"):
        raise EsiaRefused(error, given.get("error_description") or "")
    code = given.get("code")
    if code is None:
        raise AnswerRefused("no_code")
    return code


def token_http_request(base_url: str, form: Mapping[str, str]) -> Request:
    """`form` from `requests.token_request` or `requests.refresh_request`."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return Request("POST", base_url + TOKEN_PATH, headers, urlencode(form).encode())


class _ErrorAnswer(msgspec.Struct, frozen=True):
    error: str
    error_description: str = ""


def read_token_response(status: int, body: bytes, form: Mapping[str, str]) -> ReceivedTokens:
    """`form` is the one that was sent: the answer must echo its state. Raises `AnswerRefused` and its kinds."""
    if status != 200:
        raise _refusal(status, body)
    answer = _decoded(body, TokenResponse)
    if not compare_digest(answer.state.encode(), form["state"].encode()):
        raise AnswerRefused("other_state")
    if answer.token_type.lower() != "bearer":
        raise AnswerRefused("other_token_type")
    id_token = None if answer.id_token is None else UnverifiedToken(answer.id_token)
    return ReceivedTokens(UnverifiedToken(answer.access_token), id_token, answer.expires_in, answer.refresh_token)


def person_request(base_url: str, oid: int, access_token: str, embed: Sequence[str] = ()) -> Request:
    """`embed`: `contacts`, `addresses`, `documents`, `kids`, `organizations`."""
    names = ",".join(f"{name}.elements" for name in embed)
    return _data_request(base_url, oid, "", access_token, f"?embed=({names})" if names else "")


def contacts_request(base_url: str, oid: int, access_token: str) -> Request:
    return _data_request(base_url, oid, "/ctts", access_token, "?embed=(elements)")


def addresses_request(base_url: str, oid: int, access_token: str) -> Request:
    return _data_request(base_url, oid, "/addrs", access_token, "?embed=(elements)")


def documents_request(base_url: str, oid: int, access_token: str) -> Request:
    return _data_request(base_url, oid, "/docs", access_token, "?embed=(elements)")


def kids_request(base_url: str, oid: int, access_token: str) -> Request:
    return _data_request(base_url, oid, "/kids", access_token, "?embed=(elements)")


def organisations_request(base_url: str, oid: int, access_token: str) -> Request:
    return _data_request(base_url, oid, "/orgs", access_token, "?embed=(elements)")


def read_person_response(status: int, body: bytes) -> PersonRecord:
    return _read(status, body, PersonRecord)


def read_contacts_response(status: int, body: bytes) -> list[ContactRecord]:
    return _read(status, body, Collection[ContactRecord]).elements


def read_addresses_response(status: int, body: bytes) -> list[AddressRecord]:
    return _read(status, body, Collection[AddressRecord]).elements


def read_documents_response(status: int, body: bytes) -> list[DocumentRecord]:
    return _read(status, body, Collection[DocumentRecord]).elements


def read_kids_response(status: int, body: bytes) -> list[ChildRecord]:
    return _read(status, body, Collection[ChildRecord]).elements


def read_organisations_response(status: int, body: bytes) -> list[OrganisationRecord]:
    return _read(status, body, Collection[OrganisationRecord]).elements


def _data_request(base_url: str, oid: int, below: str, access_token: str, query: str) -> Request:
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    return Request("GET", f"{base_url}{PERSON_PATH}/{oid}{below}{query}", headers)


def _read(status: int, body: bytes, shape: type[T]) -> T:
    if status == 200:
        return _decoded(body, shape)
    if status == 401:
        raise TokenNotAccepted
    if status == 403:
        raise ScopeMissing
    raise _refusal(status, body)


def _decoded(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError as error:
        raise OutOfOrder("unreadable") from error


def _refusal(status: int, body: bytes) -> AnswerRefused:
    if status >= 500:
        return OutOfOrder(f"status_{status}")
    try:
        answer = msgspec.json.decode(body, type=_ErrorAnswer)
    except msgspec.DecodeError:
        return OutOfOrder(f"status_{status}")
    return EsiaRefused(answer.error, answer.error_description)
