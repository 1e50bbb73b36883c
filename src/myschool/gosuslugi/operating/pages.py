"""«Проверки и очередь» and «Недоставленное»; the same numbers for monitoring."""

import hmac
from collections.abc import Iterable

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.checks.model import WAITING, NoSuchCheck, RegistryCheck
from myschool.gosuslugi.operating import actions, metrics, words
from myschool.gosuslugi.operating.numbers import Numbers
from myschool.gosuslugi.people.model import Card, Person
from myschool.kit import clock
from myschool.kit.web import agenda_pages
from myschool.kit.web.errors import NotFound
from myschool.kit.web.routing import Call, api, get, post
from myschool.kit.web.visit import Visit

START = "/operator"
HANGING_SHOWN = 5
_WAITING = frozenset(state.value for state in WAITING)


def routes() -> list[Route]:
    return [
        get(START, show),
        post(f"{START}/checks/{{id}}/once-more", once_more),
        api(f"{START}/metrics", for_monitoring),
        *agenda_pages.routes(actor, words.WORK),
    ]


async def actor(visit: Visit) -> str:
    """Raises SignInRequired, Forbidden."""
    return (await actions.operator(visit)).actor


async def card(visit: Visit, person: Person) -> Card | None:
    if not await actions.is_operator(visit.tx, person):
        return None
    return Card("Проверки и очередь", "Сколько чего ждёт, что не удалось и что сделать.", START, "Открыть")


async def show(visit: Visit) -> Response:
    await actions.operator(visit)
    now = clock.now()
    numbers = await actions.numbers(visit.tx, now)
    hanging = await checks.hanging(visit.tx, limit=HANGING_SHOWN)
    return visit.render(
        "operating/numbers.html",
        page_title="Проверки и очередь",
        taken_at=numbers.taken_at,
        waiting=sum(one.count for one in numbers.checks.standings if one.state in _WAITING),
        past_due=sum(one.past_due for one in numbers.checks.standings),
        for_clerk=sum(one.count for one in numbers.guardianships if one.state == "review"),
        second_late=sum(one.late for one in numbers.second_looks),
        dead=sum(one.count for one in numbers.queue if one.state == "dead"),
        tables=_tables(numbers),
        hanging=[_hanging(check) for check in hanging],
    )


def _tables(numbers: Numbers) -> list[tuple[str, list[str], list[list[str]]]]:
    counted = numbers.checks
    return [
        (
            "Проверки",
            ["Проверка", "Состояние", "Сколько", "Обычно ждут", "Дольше всех", "Срок прошёл"],
            [
                [
                    words.KINDS[one.kind],
                    words.CHECK_STATES[one.state],
                    str(one.count),
                    words.lasting(one.median),
                    words.lasting(one.oldest),
                    str(one.past_due),
                ]
                for one in counted.standings
            ],
        ),
        ("Сколько ждут", ["Возраст", "Проверок"], _ages(numbers)),
        (
            "Почему не подтвердилось, за 30 дней",
            ["Проверка", "Причина", "Сколько"],
            [[words.KINDS[kind], words.REASONS[reason], str(count)] for kind, reason, count in counted.reasons],
        ),
        (
            "От вопроса до решения, за 30 дней",
            ["Проверка", "Решений", "Половина быстрее", "95 из 100 быстрее"],
            [
                [words.KINDS[one.kind], str(one.decided), words.lasting(one.p50), words.lasting(one.p95)]
                for one in counted.paces
            ],
        ),
        ("Решений по дням", ["День", "Решений"], [[day, str(count)] for day, count in counted.answers]),
        (
            "Представительства",
            ["Состояние", "Сколько", "Дольше всех"],
            [
                [words.GUARDIANSHIPS[one.state], str(one.count), words.lasting(one.oldest)]
                for one in numbers.guardianships
            ],
        ),
        (
            "Ждут второго сотрудника",
            ["Центр", "Ждут", "Дольше двух рабочих дней"],
            [[one.centre, str(one.waiting), str(one.late)] for one in numbers.second_looks],
        ),
        (
            "Очередь дел",
            ["Дело", "Состояние", "Сколько", "С ошибкой", "Опаздывает"],
            [
                [
                    words.WORK.get(one.kind, one.kind),
                    words.ITEM_STATES[one.state],
                    str(one.count),
                    str(one.failing),
                    words.lasting(one.oldest),
                ]
                for one in numbers.queue
            ],
        ),
    ]


def _ages(numbers: Numbers) -> list[list[str]]:
    waiting = [one.ages for one in numbers.checks.standings if one.state in _WAITING]
    return [[called, str(_total(age, waiting))] for age, called in words.AGES.items()] if waiting else []


def _total(age: str, parts: Iterable[dict[str, int]]) -> int:
    return sum(part.get(age, 0) for part in parts)


def _hanging(check: RegistryCheck) -> tuple[RegistryCheck, str, str]:
    return check, words.KINDS[check.kind], words.CHECK_STATES[check.state]


async def once_more(visit: Visit) -> Response:
    operator = await actions.operator(visit)
    try:
        asked = await actions.ask_once_more(visit.tx, operator, visit.path_id("id"), clock.now())
    except NoSuchCheck:
        raise NotFound from None
    if asked:
        visit.tell("success", "Спрашиваем реестр ещё раз", "Ответ, если он есть, придёт в течение минуты.")
    else:
        visit.tell(
            "important", "Спрашивать не нужно", "Проверка уже закончилась, или её спросили несколько минут назад."
        )
    return visit.redirect(START)


async def for_monitoring(call: Call) -> Response:
    """By the token of the settings only: behind a proxy every caller looks like a neighbour. Else nothing is here."""
    token = call.house.settings.metrics_token
    shown = call.request.headers.get("authorization", "")
    if not token or not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return Response(status_code=404)
    now = clock.now()
    numbers = await actions.numbers(call.tx, now)
    return Response(metrics.text(numbers, now), headers={"Cache-Control": "no-store"}, media_type=metrics.CONTENT_TYPE)
