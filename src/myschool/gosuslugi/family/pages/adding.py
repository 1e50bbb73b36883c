"""«Добавить ребёнка»: three pages of questions, kept as they are typed, and «Проверьте и отправьте»."""

from datetime import date

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import drafts, sending
from myschool.gosuslugi.family.model import (
    CITIZENSHIPS,
    READING,
    AccountNotConfirmed,
    AddedAlready,
    Card,
    Draft,
    Relation,
    TooOld,
    is_too_old,
    may_be_attached,
)
from myschool.gosuslugi.family.pages.common import (
    CERTIFICATES,
    CLAIMABLE,
    FAMILY,
    RELATIONS,
    SEXES,
    guarded,
    own_entry,
)
from myschool.gosuslugi.family.pages.fields import (
    CERTIFICATE,
    CHILD,
    PAPERS,
    take_card,
    take_certificate,
    take_numbers,
    take_who,
    typed_of,
)
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import clock
from myschool.kit.web.errors import Forbidden, Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, birthday_number, worded_date
from myschool.papers.places import zone_of_address

TO_ATTACH = "to_attach"
STEPS = ["Ребёнок", "СНИЛС", "Свидетельство", "Проверка"]


def routes() -> list[Route]:
    return [
        form("/family/add", guarded(intro), guarded(start)),
        post("/family/{id}/correct", guarded(correct)),
        form("/family/drafts/{id}/child", guarded(show_child), guarded(take_child)),
        form("/family/drafts/{id}/papers", guarded(show_papers), guarded(take_papers)),
        form("/family/drafts/{id}/certificate", guarded(show_certificate), guarded(take_the_certificate)),
        form("/family/drafts/{id}/check", guarded(check_answers), guarded(submit)),
        form("/family/drafts/{id}/grown-up", guarded(grown_up), guarded(attach_grown_up)),
        post("/family/drafts/{id}/drop", guarded(drop)),
    ]


def today() -> date:
    return clock.now().astimezone(MOSCOW).date()


async def intro(visit: Visit) -> Response:
    person = await citizen(visit)
    if person.level in (Level.CHILD, Level.PROVISIONAL):
        return visit.redirect("/family")
    return visit.render(
        "family/add.html",
        page_title="Добавить ребёнка",
        may_send=person.level is Level.CONFIRMED,
        under=visit.house.settings.child_account_under,
        form=Form(),
    )


async def start(visit: Visit) -> Response:
    person = await citizen(visit)
    if person.level in (Level.CHILD, Level.PROVISIONAL):
        raise Forbidden("Детей добавляют взрослые, из своей учётной записи.", ways=(FAMILY,))
    draft = await drafts.start(visit.tx, visit.house.vault, person.id, clock.now())
    return visit.redirect(f"/family/drafts/{draft.id}/child")


async def correct(visit: Visit) -> Response:
    person, entry = await own_entry(visit)
    row = entry.guardianship
    typed = typed_of(row.card) | ({TO_ATTACH: "1"} if row.rights == READING else {})
    draft = await drafts.correct(visit.tx, visit.house.vault, person.id, row.id, typed, clock.now())
    return visit.redirect(f"/family/drafts/{draft.id}/check")


async def _draft(visit: Visit) -> tuple[Person, Draft]:
    """The own draft in the address. One that was sent leads to its card."""
    person = await citizen(visit)
    draft = await drafts.mine(visit.tx, visit.house.vault, visit.path_id("id"), person.id)
    if draft.sent_as is not None:
        raise Refusal(
            "Эти данные уже отправлены",
            "Откройте карточку ребёнка: там видно, что с ними сейчас.",
            status=409,
            ways=(Way(f"/family/{draft.sent_as}", "Открыть карточку"), FAMILY),
        )
    return person, draft


def _typed(visit: Visit, draft: Draft) -> Form:
    """What an ended session gave back, else what the draft holds."""
    return Form(visit.typed or draft.typed)


async def _keep(visit: Visit, draft: Draft, typed: Form, names: tuple[str, ...]) -> Draft:
    said = {name: typed.typed[name] for name in names}
    return await drafts.keep(visit.tx, visit.house.vault, draft, said, clock.now())


def _onward(visit: Visit, draft: Draft, next_page: str) -> Response:
    """After a page: the next one, or back to the list of answers where the person came from."""
    finished = take_card(draft.typed, today(), sandbox=visit.house.settings.sandbox) is not None
    return visit.redirect(f"/family/drafts/{draft.id}/{'check' if finished else next_page}")


# -- the child ---------------------------------------------------------------------------------------------------------


async def show_child(visit: Visit) -> Response:
    _, draft = await _draft(visit)
    return _child_page(visit, draft, _typed(visit, draft))


async def take_child(visit: Visit) -> Response:
    _, draft = await _draft(visit)
    typed = Form(visit.typed)
    who = take_who(typed, today())
    draft = await _keep(visit, draft, typed, CHILD)
    if who is None:
        return _child_page(visit, draft, typed, 422)
    if _too_old(visit, draft, who.birth_date) and not _to_attach(visit, draft, who.birth_date):
        return visit.redirect(f"/family/drafts/{draft.id}/grown-up")
    return _onward(visit, draft, "papers")


def _child_page(visit: Visit, draft: Draft, typed: Form, status: int = 200) -> Response:
    hints = {
        Relation.GUARDIAN: "Назначен органом опеки",
        Relation.TRUSTEE: "Назначен органом опеки, ребёнку от 14 лет",
        Relation.FOSTER: "По договору о приёмной семье",
    }
    options = [(one.value, words, hints.get(one)) for one, words in CLAIMABLE.items()]
    return visit.render(
        "family/child.html",
        status=status,
        page_title="Кого вы добавляете?",
        form=typed,
        draft=draft,
        steps=STEPS,
        relations=options,
        sexes=list(SEXES.items()),
    )


def _too_old(visit: Visit, draft: Draft, born_on: date) -> bool:
    day = clock.now().astimezone(zone_of_address(draft.typed.get("address"))).date()
    return is_too_old(born_on, day, visit.house.settings.child_account_under)


def _to_attach(visit: Visit, draft: Draft, born_on: date) -> bool:
    """The parent has said that the pupil's own account is to be attached."""
    return draft.typed.get(TO_ATTACH) == "1" and may_be_attached(born_on, today())


async def attach_grown_up(visit: Visit) -> Response:
    """«Привязать учётную запись ребёнка»: the card goes on, without an account of a child at its end."""
    _, draft = await _draft(visit)
    draft = await drafts.keep(visit.tx, visit.house.vault, draft, {TO_ATTACH: "1"}, clock.now())
    return _onward(visit, draft, "papers")


async def grown_up(visit: Visit) -> Response:
    _, draft = await _draft(visit)
    who = take_who(Form(draft.typed), today())
    if who is None or not _too_old(visit, draft, who.birth_date):
        return visit.redirect(f"/family/drafts/{draft.id}/child")
    under = visit.house.settings.child_account_under
    return visit.render(
        "family/grown_up.html",
        page_title=f"С {under} лет учётную запись создают сами",
        draft=draft,
        name=who.name.given_name,
        under=under,
        since=worded_date(birthday_number(who.birth_date, under)),
        may_attach=may_be_attached(who.birth_date, today()),
    )


# -- СНИЛС -------------------------------------------------------------------------------------------------------------


async def show_papers(visit: Visit) -> Response:
    _, draft = await _draft(visit)
    typed = _typed(visit, draft)
    if not typed.typed["citizenship"]:
        typed.show("citizenship", "RUS")
    return _papers_page(visit, draft, typed)


async def take_papers(visit: Visit) -> Response:
    _, draft = await _draft(visit)
    typed = Form(visit.typed)
    numbers = take_numbers(typed, sandbox=visit.house.settings.sandbox)
    draft = await _keep(visit, draft, typed, PAPERS)
    if numbers is None:
        return _papers_page(visit, draft, typed, 422)
    return _onward(visit, draft, "certificate")


def _papers_page(visit: Visit, draft: Draft, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "family/papers.html",
        status=status,
        page_title="СНИЛС и гражданство ребёнка",
        form=typed,
        draft=draft,
        steps=STEPS,
        citizenships=list(CITIZENSHIPS.items()),
    )


# -- certificate -------------------------------------------------------------------------------------------------------


async def show_certificate(visit: Visit) -> Response:
    _, draft = await _draft(visit)
    typed = _typed(visit, draft)
    if not typed.typed["kind"]:
        typed.show("kind", "RF_BRTH_CERT")
    return _certificate_page(visit, draft, typed)


async def take_the_certificate(visit: Visit) -> Response:
    _, draft = await _draft(visit)
    typed, before = Form(visit.typed), Form(draft.typed)
    who = take_who(before, today())
    numbers = take_numbers(before, sandbox=visit.house.settings.sandbox)
    if who is None or numbers is None:
        await _keep(visit, draft, typed, CERTIFICATE)
        return visit.redirect(f"/family/drafts/{draft.id}/{'child' if who is None else 'papers'}")
    card = take_certificate(typed, who, numbers, today())
    draft = await _keep(visit, draft, typed, CERTIFICATE)
    if card is None:
        return _certificate_page(visit, draft, typed, 422)
    return visit.redirect(f"/family/drafts/{draft.id}/check")


def _certificate_page(visit: Visit, draft: Draft, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "family/certificate.html",
        status=status,
        page_title="Свидетельство о рождении",
        form=typed,
        draft=draft,
        steps=STEPS,
        kinds=[(kind.value, words) for kind, words in CERTIFICATES.items()],
    )


# -- «Проверьте и отправьте» -------------------------------------------------------------------------------------------


async def check_answers(visit: Visit) -> Response:
    person, draft = await _draft(visit)
    card = take_card(draft.typed, today(), sandbox=visit.house.settings.sandbox)
    if card is None:
        return visit.redirect(f"/family/drafts/{draft.id}/{_first_unfinished(visit, draft)}")
    return _check_page(visit, person, draft, card)


def _first_unfinished(visit: Visit, draft: Draft) -> str:
    typed = Form(draft.typed)
    if take_who(typed, today()) is None:
        return "child"
    return "papers" if take_numbers(typed, sandbox=visit.house.settings.sandbox) is None else "certificate"


def _check_page(visit: Visit, person: Person, draft: Draft, card: Card, status: int = 200) -> Response:
    return visit.render(
        "family/check.html",
        status=status,
        page_title="Проверьте и отправьте",
        form=Form(once=str(draft.id)),
        draft=draft,
        steps=STEPS,
        may_send=person.level is Level.CONFIRMED,
        level=person.level.value,
        parts=answers(card, f"/family/drafts/{draft.id}"),
    )


def answers(card: Card, pages: str = "") -> list[tuple[str, list[tuple[str, ...]]]]:
    """Headings with rows of what was said, each with the page that changes it; without `pages` nothing changes it."""

    def rows(page: str, *said: tuple[str, str | None]) -> list[tuple[str, ...]]:
        return [(name, value or "", f"{pages}/{page}") if pages else (name, value or "") for name, value in said]

    return [
        (
            "Ребёнок",
            rows(
                "child",
                ("Кто вы ребёнку", RELATIONS[card.relation]),
                ("Фамилия", card.family_name),
                ("Имя", card.given_name),
                ("Отчество", card.patronymic or "Нет"),
                ("Дата рождения", worded_date(card.birth_date)),
                ("Пол", SEXES[card.sex]),
            ),
        ),
        (
            "СНИЛС и гражданство",
            rows(
                "papers",
                ("СНИЛС", card.snils.formatted()),
                ("Гражданство", CITIZENSHIPS.get(card.citizenship, card.citizenship)),
                ("Адрес", card.address),
            ),
        ),
        (
            "Свидетельство о рождении",
            rows(
                "certificate",
                ("Вид", CERTIFICATES[card.certificate_kind]),
                ("Серия и номер", card.certificate.formatted()),
                ("Кем выдано", card.issued_by),
                ("Дата выдачи", worded_date(card.issued_on)),
                ("Номер записи акта", card.act_number),
                ("Дата записи акта", worded_date(card.act_date) if card.act_date else None),
            ),
        ),
    ]


async def submit(visit: Visit) -> Response:
    person = await citizen(visit)
    vault, sandbox = visit.house.vault, visit.house.settings.sandbox
    draft = await drafts.mine(visit.tx, vault, visit.path_id("id"), person.id)
    if draft.sent_as is not None:
        visit.tell("important", "Запрос уже отправлен", "Второй раз отправлять не нужно.")
        return visit.redirect(f"/family/{draft.sent_as}")
    card = take_card(draft.typed, today(), sandbox=sandbox)
    if card is None:
        return visit.redirect(f"/family/drafts/{draft.id}/{_first_unfinished(visit, draft)}")
    try:
        under = visit.house.settings.child_account_under
        to_attach = _to_attach(visit, draft, card.birth_date)
        row = await sending.submit(
            visit.tx, vault, draft.id, person, card, clock.now(), child_under=under, to_attach=to_attach
        )
    except AccountNotConfirmed:
        return _check_page(visit, person, draft, card, 403)
    except TooOld:
        return visit.redirect(f"/family/drafts/{draft.id}/grown-up")
    except AddedAlready as already:
        visit.tell("important", "Этот ребёнок уже добавлен", "Вот его карточка. Если в ней ошибка, исправьте её.")
        return visit.redirect(f"/family/{already.guardianship_id}")
    visit.tell("success", "Данные отправлены в ЗАГС", "Мы напишем вам на почту, когда придёт ответ.")
    return visit.redirect(f"/family/{row.id}")


async def drop(visit: Visit) -> Response:
    person = await citizen(visit)
    await drafts.drop(visit.tx, visit.house.vault, visit.path_id("id"), person.id)
    visit.tell("success", "Черновик удалён")
    return visit.redirect("/family")
