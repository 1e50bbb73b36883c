"""GET /schools/search.json: what the field that suggests schools asks while somebody types.

    q        what was typed
    region   only this region (two digits);  near: this region first among equals
    pupils   1: only schools with classes that take pupils

    200 {"query": …, "schools": [{"ogrn", "name", "full_name", "place", "inn"}]}, at most ten, best first
    304 the answer has not changed     429 this address asks too often; Retry-After says when to come back

The answer depends on the address alone, never on who asks, so it may be kept by caches for a minute.
"""

from hashlib import blake2b

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.routing import Call, api, json
from myschool.portal.schools import actions
from myschool.portal.schools.actions import REGIONS, Directory
from myschool.portal.schools.model import KINDS_WITH_CLASSES, Filters, Hints, School

PATH = "/schools/search.json"
MOST = 10
LONGEST_QUERY = 500
KEPT = "public, max-age=60"
RETRY_AFTER = 10


class Suggested(msgspec.Struct, frozen=True):
    """One school of the answer; `place` is its address, or where it stands when no address is known."""

    ogrn: str
    name: str
    full_name: str
    place: str
    inn: str


class Answer(msgspec.Struct, frozen=True):
    query: str
    schools: list[Suggested]


def routes(directory: Directory) -> list[Route]:
    async def search(call: Call) -> Response:
        return await _search(call, directory)

    return [api(PATH, search)]


async def _search(call: Call, directory: Directory) -> Response:
    address = call.request.client.host if call.request.client else ""
    if not await actions.may_ask(call.tx, address, clock.now()):
        return json({"error": "too_many_requests"}, 429, {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})
    asked = call.request.query_params
    query = asked.get("q", "")[:LONGEST_QUERY]
    region, near = _region(asked.get("region", "")), _region(asked.get("near", ""))
    for_pupils = asked.get("pupils") == "1"
    await directory.follow(call.tx)
    tag = _tag(directory.version, query, region, near, for_pupils)
    headers = {"ETag": tag, "Cache-Control": KEPT}
    if _is_known(call.request, tag):
        return Response(status_code=304, headers=headers)
    filters = Filters(region_code=region, kinds=KINDS_WITH_CLASSES if for_pupils else frozenset())
    found = await actions.search(call.tx, directory, query, filters=filters, hints=Hints(near), most=MOST)
    schools = [suggested(school) for school, _ in found if school.takes_pupils or not for_pupils]
    return json(Answer(query, schools), headers=headers)


def _region(code: str) -> str:
    return code if code in REGIONS else ""


def _tag(*parts: object) -> str:
    """Weak: the answer is packed on its way."""
    return f'W/"{blake2b(msgspec.json.encode([str(part) for part in parts]), digest_size=9).hexdigest()}"'


def _is_known(request: Request, tag: str) -> bool:
    """If-None-Match of RFC 9110: any of the named, compared weakly."""
    return tag.removeprefix("W/") in (
        one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")
    )


def suggested(school: School) -> Suggested:
    return Suggested(
        ogrn=school.ogrn.digits,
        name=school.shown_name,
        full_name=school.full_name,
        place=school.address or school.place,
        inn=school.inn.digits if school.inn and not school.inn.is_personal else "",
    )
