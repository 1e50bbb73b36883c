"""«Кто представляет ребёнка»: how many and on what basis, never who; own rights; and a delegation to another adult."""

from datetime import datetime, time, timedelta

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import delegating, look
from myschool.gosuslugi.family.delegation_model import (
    BadTerm,
    InvitationOver,
    InvitedAlready,
    NotDelegable,
    NotOneself,
)
from myschool.gosuslugi.family.model import AccountNotConfirmed, Basis, Right
from myschool.gosuslugi.family.pages.common import FAMILY, guarded, own_entry
from myschool.gosuslugi.family.pages.life_words import RIGHTS
from myschool.gosuslugi.family.pages.standing_words import day
from myschool.gosuslugi.fields import take_date, take_snils
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW

BASES = {
    Basis.REGISTRY: "по записи ЗАГС",
    Basis.SERVICE_CENTRE: "по документам, проверенным в центре обслуживания",
    Basis.COURT: "по решению суда",
    Basis.ADOPTION: "по решению об усыновлении",
    Basis.DELEGATED: "по доверенности",
}
OFFERED = (Right.CONSENT, Right.JOIN, Right.NOTICES)


def routes() -> list[Route]:
    return [
        get("/family/{id}/who", guarded(who)),
        form("/family/{id}/delegate", guarded(ask), guarded(invite)),
        post("/family/{id}/delegate/revoke", guarded(revoke)),
        post("/family/offers/{id}/accept", guarded(accept)),
        post("/family/offers/{id}/decline", guarded(decline)),
    ]


async def who(visit: Visit) -> Response:
    _, entry = await own_entry(visit)
    row, now, vault = entry.guardianship, clock.now(), visit.house.vault
    others = await look.others_in_force(visit.tx, vault, row, now)
    lent = await delegating.lent_by(visit.tx, vault, row.id)
    return visit.render(
        "family/who.html",
        page_title="Кто представляет ребёнка",
        row=row,
        in_force=row.in_force(now),
        basis=BASES[row.basis] if row.basis else "",
        until=day(row.ends_at, now),
        others=[BASES[one.basis] for one in others if one.basis],
        rights=[(*RIGHTS[right], right in row.rights) for right in Right],
        lent=[(one, day(one.delegation.ends_at, now), day(one.delegation.expires_at, now)) for one in lent],
        may_lend=delegating.may_lend(row, now),
    )


async def ask(visit: Visit) -> Response:
    return await _form(visit, Form())


async def _form(visit: Visit, typed: Form, status: int = 200) -> Response:
    _, entry = await own_entry(visit)
    if not delegating.may_lend(entry.guardianship, clock.now()):
        raise Refusal(
            "Доверить нельзя",
            "Доверить представлять ребёнка может тот, кто управляет его учётной записью.",
            status=403,
            ways=(Way(f"/family/{entry.guardianship.id}/who", "Кто представляет ребёнка"), FAMILY),
        )
    return visit.render(
        "family/delegate.html",
        status=status,
        page_title="Доверить другому взрослому",
        form=typed,
        row=entry.guardianship,
        rights=[(right.value, RIGHTS[right][0], RIGHTS[right][1]) for right in OFFERED],
    )


async def invite(visit: Visit) -> Response:
    person, now, typed = await citizen(visit), clock.now(), Form(visit.typed)
    snils = take_snils(typed, sandbox=visit.house.settings.sandbox)
    last = take_date(typed, "until", missing="Введите последний день")
    rights = frozenset(right for right in OFFERED if typed.typed[f"rights-{right}"] == "1")
    if not rights:
        typed.refuse("rights", "Отметьте хотя бы одно")
    if snils is None or last is None or typed.errors:
        return await _form(visit, typed, 422)
    ends_at = datetime.combine(last, time(), MOSCOW) + timedelta(days=1)
    row_id = visit.path_id("id")
    try:
        await delegating.invite(visit.tx, visit.house.vault, row_id, person, snils, rights, ends_at, now)
    except BadTerm:
        typed.refuse("until", "Последний день — не раньше сегодняшнего, не дальше года и не позже вашего срока")
    except NotOneself:
        typed.refuse("snils", "Это ваш СНИЛС или СНИЛС ребёнка. Введите СНИЛС того, кому доверяете")
    except InvitedAlready:
        typed.refuse("snils", "Этого человека вы уже позвали")
    except NotDelegable:
        typed.refuse("rights", "Этого права у вас самих нет")
    if typed.errors:
        return await _form(visit, typed, 422)
    visit.tell("success", "Приглашение сохранено", "Взрослый увидит его у себя в разделе «Семья и дети».")
    return visit.redirect(f"/family/{row_id}/who")


async def revoke(visit: Visit) -> Response:
    person, row_id = await citizen(visit), visit.path_id("id")
    for one in await delegating.lent_by(visit.tx, visit.house.vault, row_id):
        if str(one.delegation.id) == visit.typed["delegation"]:
            await delegating.revoke(visit.tx, visit.house.vault, one.delegation.id, person.id, clock.now())
            visit.tell("success", "Доверенность отозвана", "С этой минуты она ничего не разрешает.")
    return visit.redirect(f"/family/{row_id}/who")


async def accept(visit: Visit) -> Response:
    person = await citizen(visit)
    try:
        await delegating.accept(visit.tx, visit.house.vault, visit.path_id("id"), person, clock.now())
    except AccountNotConfirmed:
        raise Refusal(
            "Сначала подтвердите учётную запись",
            "Представлять ребёнка можно только из подтверждённой учётной записи. Приглашение подождёт.",
            status=403,
            ways=(Way("/identity", "Подтвердить учётную запись"), FAMILY),
        ) from None
    except (InvitationOver, InvitedAlready):
        raise _over() from None
    visit.tell("success", "Вы представляете ребёнка", "Что вам доверено и до какого дня, сказано в карточке.")
    return visit.redirect("/family")


async def decline(visit: Visit) -> Response:
    person = await citizen(visit)
    try:
        await delegating.decline(visit.tx, visit.house.vault, visit.path_id("id"), person, clock.now())
    except InvitationOver:
        raise _over() from None
    visit.tell("success", "Вы отказались", "Тот, кто вас позвал, получит письмо.")
    return visit.redirect("/family")


def _over() -> Refusal:
    return Refusal(
        "Приглашение больше не действует",
        "Его отозвали, срок прошёл, или этот ребёнок уже есть в вашем списке. Попросите позвать вас снова.",
        status=409,
        ways=(FAMILY,),
    )
