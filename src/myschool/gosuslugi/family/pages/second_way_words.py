"""«Способ №2»: the questions in words, with a tag for each answer."""

from myschool.gosuslugi.family.diagnosis import Finding, Question
from myschool.gosuslugi.family.pages.standing_words import Act

QUESTIONS = {
    Question.OWN_PAPERS: ("Ваши паспорт и СНИЛС проверены", "Ваши паспорт и СНИЛС ещё не проверены"),
    Question.ACCOUNT_CONFIRMED: ("Ваша учётная запись подтверждена", "Ваша учётная запись не подтверждена"),
    Question.YOUNG_ENOUGH: ("Ребёнку меньше {under} лет", "Ребёнку уже есть {under} лет"),
    Question.SNILS_FREE: (
        "СНИЛС и свидетельство не заняты другим ребёнком",
        "СНИЛС или свидетельство уже записаны за другим ребёнком",
    ),
    Question.CHECK_DECIDED: ("ЗАГС ответил", "ЗАГС ещё не ответил"),
    Question.CERTIFICATE_FOUND: ("ЗАГС нашёл свидетельство", "ЗАГС не нашёл свидетельство"),
    Question.DATA_AGREE: ("Данные совпали", "Часть данных не совпала"),
    Question.SNILS_CONFIRMED: ("СНИЛС ребёнка подтверждён", "СНИЛС ребёнка не подтвердился"),
    Question.MAY_REPRESENT: ("Вы представляете ребёнка", "Нужен документ о том, что вы представляете ребёнка"),
    Question.NO_ACCOUNT_YET: ("Учётной записи у ребёнка ещё нет", "Учётная запись у ребёнка уже есть"),
}
MADE_BY_OTHER = "Второй родитель уже создал учётную запись ребёнка"
TO_BE_ATTACHED = "Ребёнку меньше 18 лет: его учётную запись можно привязать к вашей"

ENTER_OWN_PAPERS = (
    "Сначала введите свои паспорт и СНИЛС. Мы проверим их сами и напишем вам.",
    Act("Ввести паспорт и СНИЛС", "/identity"),
)
CONFIRM_ACCOUNT = (
    "Подтвердите свою учётную запись. Карточку ребёнка можно заполнить уже сейчас, а отправить — после подтверждения.",
    Act("Подтвердить учётную запись", "/identity"),
)


def worded(one: Finding, child_under: int) -> tuple[str, str, str]:
    """Words, and a tag with its kind."""
    yes, no = (words.format(under=child_under) for words in QUESTIONS[one.question])
    if one.holds is None:
        return yes, "Ещё неизвестно", "off"
    if one.holds:
        return yes, "В порядке", "good"
    return (no, "Ждём", "wait") if one.question is Question.CHECK_DECIDED else (no, "Вот причина", "bad")
