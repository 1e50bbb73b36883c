"""Pages on which a guardian sees a child or acts for one: before each, ESIA is asked whose children they are now.

A guardianship that has ended or rests opens nothing from that moment, whatever an earlier sign-in told, and a session
that is still open opens nothing either: `people.children_of` gives no child of whom ESIA did not speak just now. A
child's own session is asked about too: where ESIA has ended it, with the rights of an adult, it is over here.

    page ──▶ token of the sign-in ──▶ /kids ──▶ children as of now ──▶ page
                   │                    └── ESIA silent ──▶ no children: 503, or the page without them
                   └── run out ──▶ to ESIA and back to the page, without a question while its own session lasts
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.errors import HOME, Refusal
from myschool.kit.web.routing import Handler, outward
from myschool.kit.web.visit import Visit
from myschool.portal.people import actions as people
from myschool.portal.people.model import ToldChild
from myschool.portal.signin import attempts
from myschool.portal.signin.gateway import Esia
from myschool.portal.signin.keys import ClientKeys
from myschool.portal.signin.model import FamilyAccess, TokenLapsed

log = structlog.get_logger("signin")

TOO_SOON = timedelta(minutes=1)
"""A token fetched this moment that ESIA does not take is no matter of time: going there again would be a circle."""

Answer = tuple[ToldChild, ...] | TokenLapsed | None
"""None: ESIA gave no answer to believe."""


@dataclass(frozen=True)
class FamilyPages:
    """Routes as in `kit.web.routing`. A `lenient` page has a part of its own and is shown without children as well."""

    esia: Esia
    keys: ClientKeys

    def get(self, path: str, handler: Handler, *, lenient: bool = False) -> Route:
        return self._route(path, handler, ("GET",), lenient)

    def post(self, path: str, handler: Handler, *, lenient: bool = False) -> Route:
        return self._route(path, handler, ("POST",), lenient)

    def form(self, path: str, show: Handler, take: Handler, *, lenient: bool = False) -> Route:
        async def by_method(visit: Visit) -> Response:
            return await (take if visit.request.method == "POST" else show)(visit)

        return self._route(path, by_method, ("GET", "POST"), lenient)

    def _route(self, path: str, handler: Handler, methods: tuple[str, ...], lenient: bool) -> Route:
        async def prepare(visit: Visit) -> FamilyAccess | Response:
            if not visit.signed_in:
                return await handler(visit)
            access, now = attempts.access_of(visit), clock.now()
            if access is not None and now < access.ends_at:
                return access
            if await _is_asked_about(visit):
                return await self._once_more(visit)
            return await handler(visit)

        async def settle(visit: Visit, answer: Answer) -> Response:
            if isinstance(answer, TokenLapsed):
                return await self._lapsed(visit, handler, lenient)
            if answer is None:
                return await _without_children(visit, handler, lenient)
            await people.take_children(visit.tx, visit.house.vault, visit.person_id, answer, clock.now())
            return await handler(visit)

        return outward(path, prepare, self._ask, settle, methods=methods)

    async def _ask(self, access: FamilyAccess) -> Answer:
        return await self.esia.children(access)

    async def _lapsed(self, visit: Visit, handler: Handler, lenient: bool) -> Response:
        if await people.is_child_account(visit.tx, visit.person_id):
            # Ended at ESIA: a password was changed, or whoever had it may act for the child no more.
            visit.session.sign_out()
            return visit.redirect(await attempts.begin(visit, self.esia, self.keys, visit.return_path()))
        before = attempts.renewed_at(visit)
        if before is not None and clock.now() - before < TOO_SOON:
            log.error("esia_takes_no_fresh_token")
            return await _without_children(visit, handler, lenient)
        return await self._once_more(visit)

    async def _once_more(self, visit: Visit) -> Response:
        """To ESIA and back to this page. What a form held is pressed once more: nothing was done."""
        attempts.drop_access(visit)
        if visit.request.method == "POST":
            visit.tell("important", "Нажмите ещё раз", "Мы заново спросили у Госуслуг, чьи это дети.")
            return visit.redirect(visit.return_path())
        attempts.note_renewal(visit, clock.now())
        return visit.redirect(await attempts.begin(visit, self.esia, self.keys, visit.return_path()))


async def _is_asked_about(visit: Visit) -> bool:
    """Who has children by ESIA, and a child: an adult whose rights have ended may sit there signed in as the child."""
    if await people.children_named(visit.tx, visit.house.vault, visit.person_id):
        return True
    return await people.is_child_account(visit.tx, visit.person_id)


async def _without_children(visit: Visit, handler: Handler, lenient: bool) -> Response:
    if not lenient:
        raise Refusal(
            "Госуслуги сейчас не отвечают",
            "Прежде чем показать данные ребёнка, мы каждый раз спрашиваем у Госуслуг, вправе ли вы их видеть. "
            "Попробуйте через несколько минут.",
            status=503,
            ways=(HOME,),
        )
    if not await people.is_child_account(visit.tx, visit.person_id):
        visit.tell("important", "Детей пока не видно", "Госуслуги не отвечают. Попробуйте через несколько минут.")
    return await handler(visit)
