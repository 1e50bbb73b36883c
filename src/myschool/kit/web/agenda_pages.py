"""«Недоставленное»: what the agenda gave up, on a page; tried again or laid aside by an operator, in the journal.

The house says who is an operator, and in what words its kinds of work are told. No page shows what an item is about:
kind, error, age and the trace number find it in the logs.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import agenda, agenda_dead, clock, journal
from myschool.kit.agenda import DeadItem
from myschool.kit.journal import Facts, NotForTheJournal
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, post
from myschool.kit.web.visit import Visit

START = "/operator/agenda"
BACK = Way(START, "Недоставленное")
LONGEST_REASON = 200

# Who is signed in, checked to be an operator, as the journal names him. Raises SignInRequired, Forbidden.
Check = Callable[[Visit], Awaitable[str]]


def routes(check: Check, words: Mapping[str, str]) -> list[Route]:
    """`words`: what a kind of work is called; one without words is shown as it is."""

    async def show(visit: Visit) -> Response:
        await check(visit)
        return await _list(visit, words)

    async def again(visit: Visit) -> Response:
        return await _again(visit, await check(visit))

    async def again_all(visit: Visit) -> Response:
        return await _again_all(visit, await check(visit))

    async def ask_aside(visit: Visit) -> Response:
        await check(visit)
        return _aside_page(visit, await _item(visit), words, Form(visit.typed))

    async def aside(visit: Visit) -> Response:
        return await _aside(visit, await check(visit), words)

    return [
        get(START, show),
        post(f"{START}/again", again_all),
        post(f"{START}/{{id}}/again", again),
        form(f"{START}/{{id}}/aside", ask_aside, aside),
    ]


def chain_of(visit: Visit) -> str:
    """The journal of what operators of this house did to its agenda."""
    return f"{visit.house.key}:agenda"


async def _list(visit: Visit, words: Mapping[str, str]) -> Response:
    kinds = await agenda_dead.kinds(visit.tx)
    asked = visit.query.get("kind", "")
    known = dict.fromkeys(one.kind for one in kinds)
    chosen = asked if asked in known else next(iter(known), "")
    return visit.render(
        "agenda.html",
        kinds=kinds,
        chosen=chosen,
        works=await agenda_dead.of_kind(visit.tx, chosen) if chosen else [],
        words=words,
        start=START,
    )


async def _again(visit: Visit, actor: str) -> Response:
    """Pressed twice, or by two operators at once, the work is put once: only what is dead is revived."""
    item = await agenda_dead.look(visit.tx, visit.path_id("id"))
    if item is None or not await agenda.revive(visit.tx, item.id):
        visit.tell("important", "Этого дела здесь уже нет", "Его отправили снова или отложили.")
        return visit.redirect(START)
    await _note(visit, actor, "agenda:sent_again", _facts(item))
    visit.tell("success", "Отправлено снова", "Если опять не получится, дело вернётся в этот список.")
    return visit.redirect(f"{START}?kind={item.kind}")


async def _again_all(visit: Visit, actor: str) -> Response:
    kind = visit.typed["kind"]
    count = await agenda_dead.revive_kind(visit.tx, kind)
    if not count:
        visit.tell("important", "Таких дел здесь уже нет", "Их отправили снова или отложили.")
        return visit.redirect(START)
    await _note(visit, actor, "agenda:all_sent_again", {"kind": kind, "count": count})
    visit.tell("success", f"Отправлено снова: {count}", "Что опять не получится, вернётся в этот список.")
    return visit.redirect(START)


async def _aside(visit: Visit, actor: str, words: Mapping[str, str]) -> Response:
    item, typed = await _item(visit), Form(visit.typed)
    reason = " ".join(typed.typed["reason"].split())
    if not reason:
        typed.refuse("reason", "Напишите, почему больше не пробуем")
    elif len(reason) > LONGEST_REASON:
        typed.refuse("reason", f"Сократите до {LONGEST_REASON} знаков")
    if typed.errors:
        return _aside_page(visit, item, words, typed, 422)
    try:
        await _note(visit, actor, "agenda:laid_aside", {**_facts(item), "reason": reason})
    except NotForTheJournal:
        typed.refuse("reason", "Уберите почту, телефон и номера документов: запись останется в журнале навсегда")
        return _aside_page(visit, item, words, typed, 422)
    await agenda.discard(visit.tx, item.id)
    visit.tell("success", "Отложено", "Больше не пробуем. Причина записана в журнал.")
    return visit.redirect(START)


def _aside_page(visit: Visit, item: DeadItem, words: Mapping[str, str], typed: Form, status: int = 200) -> Response:
    return visit.render("agenda_aside.html", status=status, form=typed, work=item, words=words, start=START)


async def _item(visit: Visit) -> DeadItem:
    item = await agenda_dead.look(visit.tx, visit.path_id("id"))
    if item is None:
        raise Refusal("Этого дела здесь уже нет", "Его отправили снова или отложили.", status=404, ways=(BACK,))
    return item


def _facts(item: DeadItem) -> dict[str, str | int | bool]:
    days = (clock.now() - item.failed_at).days
    return {"item": str(item.id), "kind": item.kind, "error": item.error, "trace": item.trace, "days": days}


async def _note(visit: Visit, actor: str, tag: str, facts: Facts) -> None:
    await journal.write(visit.tx, chain_of(visit), tag, actor=actor, facts=facts)
