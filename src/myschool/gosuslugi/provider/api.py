"""What systems call: the token endpoint and the data API. Errors are ESIA's own; the developer's list says why."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.esia.authorize import mnemonic_of
from myschool.esia.errors import refusal
from myschool.esia.records import (
    ContactRecord,
    DocumentRecord,
    OrganisationRecord,
    Record,
    collection,
    read_embed,
    visible_addresses,
    visible_children,
    visible_contacts,
    visible_documents,
    visible_organisations,
    visible_person,
    write_record,
)
from myschool.esia.requests import ORGANISATION_PATH, PERSON_PATH, TOKEN_PATH
from myschool.esia.token_request import RefreshGrant, Refused, judge_token_request
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.provider import actions, family, records
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.provider.model import AccessDenied, Endpoint
from myschool.kit import clock
from myschool.kit.web.routing import Call, api, json
from myschool.oidc.errors import InvalidToken
from myschool.oidc.tokens import read_bearer

JSON = "application/json"
NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MOST_PARAMETERS = 100


def routes(keys: ProviderKeys) -> list[BaseRoute]:
    async def token(call: Call) -> Response:
        return await _token(call, keys)

    def data(answer: Callable[["Opened"], Awaitable[Response]]) -> Callable[[Call], Awaitable[Response]]:
        async def handler(call: Call) -> Response:
            return await _opened(call, keys, answer)

        return handler

    person = PERSON_PATH + "/{oid}"
    return [
        api(TOKEN_PATH, token, methods=["POST"]),
        api(person, data(_person)),
        api(person + "/", data(_person)),
        *(api(person + slash + name, data(_listed(name))) for name in COLLECTIONS for slash in ("/", "//")),
        *(api(person + f"/{name}/{{record}}", data(_one(name))) for name in COLLECTIONS),
        api(ORGANISATION_PATH + "/{organisation}", data(_organisation)),
    ]


# -- tokens ------------------------------------------------------------------------------------------------------------


async def _token(call: Call, keys: ProviderKeys) -> Response:
    """The fields come in the body; one client sends them in the query."""
    now = clock.now()
    pairs = [*_body_pairs(call), *call.request.query_params.multi_items()]
    system = await actions.find_system(call.tx, mnemonic_of(pairs))
    judged = judge_token_request(pairs, system.wire if system else None, now)
    if isinstance(judged, RefreshGrant):
        judged = Refused(refusal("007005", "refresh tokens are not given out yet"), judged.state)
    if not isinstance(judged, Refused):
        answer = await actions.redeem(
            call.tx, call.house.vault, judged, await keys.load(call.tx, call.house.vault), now
        )
        if not isinstance(answer, Refused):
            return Response(answer.as_json(), 200, NEVER_KEPT, media_type=JSON)
        judged = answer
    await actions.note(call.tx, system, Endpoint.TOKEN, judged.refusal, call.trace, now)
    return json(judged.body(), 400, NEVER_KEPT)


def _body_pairs(call: Call) -> list[tuple[str, str]]:
    text = call.body.decode("utf-8", errors="replace")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return []


# -- data --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """One call for data whose token holds: whose data, and which scopes."""

    call: Call
    person: Person
    scopes: frozenset[str]

    @property
    def embed(self) -> frozenset[str]:
        return read_embed(self.call.request.query_params.get("embed"))


async def _opened(call: Call, keys: ProviderKeys, answer: Callable[[Opened], Awaitable[Response]]) -> Response:
    parsed = await keys.load(call.tx, call.house.vault)
    oid = call.request.path_params.get("oid")
    try:
        token = read_bearer(call.request.headers.get("authorization"))
        access, person = await actions.open_access(call.tx, call.house.vault, token, oid, parsed, clock.now())
    except InvalidToken:
        return _denied(AccessDenied(401, "invalid_token", "no_token"))
    except AccessDenied as denied:
        return _denied(denied)
    return await answer(Opened(call, person, access.scopes))


def _denied(denied: AccessDenied) -> Response:
    """Says the standard's word only; why exactly is no stranger's business."""
    headers = {**NEVER_KEPT, "WWW-Authenticate": f'Bearer error="{denied.error}"'}
    return json({"error": denied.error}, denied.status, headers)


def _scope_missing() -> Response:
    return _denied(AccessDenied(403, "insufficient_scope", "scope"))


async def _person(opened: Opened) -> Response:
    asked = "id_doc" in opened.scopes  # the only field that needs them
    documents = await people.documents_of(opened.call.tx, opened.call.house.vault, opened.person.id) if asked else []
    until = await family.waits_until(opened.call.tx, opened.person, clock.now())
    shown = visible_person(records.person_record(opened.person, documents, until), opened.scopes)
    embedded: dict[str, Any] = {}
    for name, path in EMBEDDED.items():
        if name in opened.embed and (found := await COLLECTIONS[path](opened)) is not None:
            embedded[name] = collection(found)
    return _written(msgspec.structs.replace(shown, **embedded))


async def _contacts(opened: Opened) -> Sequence[ContactRecord] | None:
    known = await people.contacts_of(opened.call.tx, opened.call.house.vault, opened.person.id)
    return visible_contacts(records.contact_records(known), opened.scopes)


async def _documents(opened: Opened) -> Sequence[DocumentRecord] | None:
    known = await people.documents_of(opened.call.tx, opened.call.house.vault, opened.person.id)
    return visible_documents(records.document_records(known), opened.scopes)


async def _addresses(opened: Opened) -> Sequence[Record] | None:
    """Nobody's address is known here yet, so an honest list is an empty one."""
    return visible_addresses([], opened.scopes)


async def _vehicles(opened: Opened) -> Sequence[Record] | None:
    return [] if "vehicles" in opened.scopes else None


async def _children(opened: Opened) -> Sequence[Record] | None:
    found = await family.children_of(opened.call.tx, opened.call.house.vault, opened.person.id, clock.now())
    return visible_children(found, opened.scopes)


async def _organisations(opened: Opened) -> Sequence[OrganisationRecord] | None:
    roles = await actions.organisations_of(opened.call.tx, opened.person.id)
    return visible_organisations(records.organisation_records(roles, opened.person), opened.scopes)


Listing = Callable[[Opened], Awaitable[Sequence[Record] | None]]
COLLECTIONS: dict[str, Listing] = {
    "ctts": _contacts,
    "addrs": _addresses,
    "docs": _documents,
    "kids": _children,
    "orgs": _organisations,
    "roles": _organisations,
    "vhls": _vehicles,
}
EMBEDDED = {"contacts": "ctts", "addresses": "addrs", "documents": "docs", "kids": "kids", "organizations": "orgs"}


def _listed(name: str) -> Callable[[Opened], Awaitable[Response]]:
    async def answer(opened: Opened) -> Response:
        found = await COLLECTIONS[name](opened)
        if found is None:
            return _scope_missing()
        if "elements" in opened.embed:
            return _written(collection(found))
        base = f"{opened.call.house.origin}{PERSON_PATH}/{opened.person.oid}/{name}"
        return _written(collection([f"{base}/{_number(record)}" for record in found]))

    return answer


def _one(name: str) -> Callable[[Opened], Awaitable[Response]]:
    async def answer(opened: Opened) -> Response:
        found = await COLLECTIONS[name](opened)
        if found is None:
            return _scope_missing()
        wanted = opened.call.request.path_params["record"]
        record = next((one for one in found if _number(one) == wanted), None)
        return json({"error": "not_found"}, 404, NEVER_KEPT) if record is None else _written(record)

    return answer


async def _organisation(opened: Opened) -> Response:
    """An organisation of the person to whom the token belongs; of a stranger's nothing is said."""
    found = await _organisations(opened)
    if found is None:
        return _scope_missing()
    wanted = opened.call.request.path_params["organisation"]
    record = next((one for one in found if str(one.oid) == wanted), None)
    return json({"error": "not_found"}, 404, NEVER_KEPT) if record is None else _written(record)


def _number(record: Record) -> str:
    return str(getattr(record, "oid", None) or getattr(record, "id", ""))


def _written(record: Any) -> Response:
    return Response(write_record(record), 200, NEVER_KEPT, media_type=JSON)
