"""States, reasons and moves in the words that families and schools read."""

from myschool.papers.filters import day, moment
from myschool.portal.joining.model import JoinRequest, Reason, RequestState
from myschool.portal.people.model import Profile
from myschool.portal.schools.model import School

STATES = {
    RequestState.SUBMITTED: ("Отправлена в школу", "wait"),
    RequestState.IN_REVIEW: ("Школа рассматривает", "wait"),
    RequestState.NEEDS_INFORMATION: ("Школа ждёт вашего ответа", "wait"),
    RequestState.APPROVED: ("Одобрена", "good"),
    RequestState.DECLINED: ("Отклонена", "bad"),
    RequestState.WITHDRAWN: ("Отозвана", "off"),
}

REASONS = {
    Reason.NOT_OUR_PUPIL: "Такой ученик в нашей школе не учится",
    Reason.WRONG_CLASS: "Указан не тот класс",
    Reason.PERSON_DIFFERS: "Имя или дата рождения не совпадают со списком школы",
    Reason.DUPLICATE: "Такая заявка уже есть",
    Reason.WRONG_SCHOOL: "Это другая школа с таким же названием",
    Reason.WRONG_PROFILE: "Выбран не тот профиль",
    Reason.NO_AUTHORITY: "Не подтверждено право подавать заявку за ребёнка",
    Reason.OTHER: "Другая причина",
}

WAY_ON = {
    Reason.NOT_OUR_PUPIL: "Проверьте, ту ли школу вы выбрали, и отправьте заявку снова. Если ту, позвоните в школу.",
    Reason.WRONG_CLASS: "Исправьте класс и отправьте заявку снова.",
    Reason.PERSON_DIFFERS: "Проверьте данные на Госуслугах. Если они верные, попросите школу исправить свой список.",
    Reason.DUPLICATE: "Посмотрите в «Личном кабинете» другую вашу заявку.",
    Reason.WRONG_SCHOOL: "Найдите свою школу ещё раз: смотрите на адрес и ИНН. Затем отправьте заявку снова.",
    Reason.WRONG_PROFILE: "Выберите в «Личном кабинете» другой профиль и отправьте заявку снова.",
    Reason.NO_AUTHORITY: "Заявку за ребёнка подаёт родитель, который указан на Госуслугах.",
    Reason.OTHER: "Прочитайте, что написала школа, исправьте и отправьте заявку снова.",
}


PROFILES = {
    Profile.LEARNER: "обучающегося",
    Profile.GUARDIAN: "родителя",
    Profile.TEACHER: "педагога",
    Profile.ADMINISTRATOR: "администратора школы",
}


def profile_name(profile: Profile) -> str:
    return PROFILES[profile]


def timeline(request: JoinRequest, school: School) -> list[dict[str, str]]:
    """What has happened and what happens next, newest first, for `ui.timeline`."""
    events = [{"words": "Заявка отправлена", "date": moment(request.submitted_at), "kind": "done"}]
    if request.opened_at is not None:
        events.append({"words": "Школа открыла заявку", "date": moment(request.opened_at), "kind": "done"})
    if request.question:
        events.append({"words": f"Школа спросила: {request.question}", "kind": "done"})
    if request.answer:
        events.append({"words": f"Вы ответили: {request.answer}", "kind": "done"})
    events.append(_last(request, school))
    return events[::-1]


def _last(request: JoinRequest, school: School) -> dict[str, str]:
    if request.state is RequestState.NEEDS_INFORMATION:
        return {
            "words": "Школа ждёт вашего ответа",
            "who": "вы",
            "promised": day(request.deadline),
            "silence": "школа решит по тем сведениям, которые у неё есть",
            "kind": "now",
        }
    if request.is_open:
        return {
            "words": "Школа проверяет заявку",
            "who": f"администратор школы ({school.shown_name})",
            "promised": day(request.deadline),
            "silence": "мы напомним школе и сообщим вам новый срок",
            "kind": "now",
        }
    words, kind = STATES[request.state]
    decided = moment(request.decision.at) if request.decision else ""
    return {"words": f"Заявка: {words.lower()}", "date": decided, "kind": "done" if kind == "good" else "bad"}
