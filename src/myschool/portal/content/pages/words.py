"""States, reasons and data in the words that families read."""

from collections.abc import Mapping
from dataclasses import dataclass

from myschool.kit.web.errors import Way
from myschool.portal.content.model import Channel, Claim, EntitlementState, LearningPlatform, Why

STATES: Mapping[EntitlementState, tuple[str, str]] = {
    EntitlementState.UNAVAILABLE: ("Пока закрыта", "off"),
    EntitlementState.AVAILABLE: ("Можно получить доступ", "info"),
    EntitlementState.ACTIVE: ("Доступ открыт", "good"),
    EntitlementState.SUSPENDED: ("Доступ приостановлен", "wait"),
    EntitlementState.EXPIRED: ("Срок доступа закончился", "off"),
    EntitlementState.WITHDRAWN: ("Вы закрыли доступ", "off"),
    EntitlementState.PLATFORM_ERROR: ("Переход не завершился", "bad"),
}
"""State → words and kind of tag, as in ui.html."""


@dataclass(frozen=True)
class Locked:
    """Why a tile is locked and what opens it; `way` leads there."""

    why: str
    remedy: str
    way: Way | None = None


_OWN: Mapping[Why, Locked] = {
    Why.NOT_CONNECTED: Locked(
        "Платформа ещё не подключена к «Моей школе»",
        "Когда она подключится, кнопка появится здесь. Пока выберите другую платформу.",
        Way("/platforms", "Другие платформы"),
    ),
    Why.OFFER_ENDED: Locked(
        "Бесплатный доступ к платформе закончился",
        "Выберите другую платформу. Если доступ продлят, кнопка появится здесь.",
        Way("/platforms", "Другие платформы"),
    ),
    Why.NOT_CONFIRMED: Locked(
        "Свидетельство о рождении ещё проверяют",
        "Платформа откроется, когда данные подтвердят и школа одобрит заявку.",
    ),
    Why.NO_SCHOOL: Locked(
        "Школа ещё не подтвердила, что вы в ней учитесь",
        "Укажите школу и класс. Доступ откроется, как только школа одобрит заявку.",
        Way("/cabinet", "В личный кабинет"),
    ),
    Why.YEAR_OVER: Locked(
        "Учебный год, за который школа вас подтвердила, закончился",
        "Отправьте школе заявку на новый учебный год.",
        Way("/cabinet", "В личный кабинет"),
    ),
    Why.WRONG_GRADE: Locked(
        "Платформа предназначена для других классов",
        "Выберите платформу для вашего класса. Если класс указан неверно, исправьте его.",
        Way("/cabinet", "Проверить класс"),
    ),
    Why.NO_CONSENT: Locked(
        "Нет согласия на обработку данных",
        "Дайте согласие: без него мы не вправе ничего передать платформе.",
        Way("/consents", "Дать согласие"),
    ),
}

_CHILD_NO_CONSENT = Locked(
    "Нет согласия родителя на обработку данных",
    "Попросите родителя войти в «Мою школу» и открыть раздел «Согласия».",
)

_OF_A_CHILD: Mapping[Why, Locked] = {
    Why.NO_SCHOOL: Locked(
        "Школа ещё не подтвердила, что ребёнок в ней учится",
        "Доступ откроется, как только школа одобрит заявку ребёнка.",
    ),
    Why.YEAR_OVER: Locked(
        "Учебный год, за который школа подтвердила ребёнка, закончился", "Нужна заявка школе на новый учебный год."
    ),
    Why.WRONG_GRADE: Locked("Платформа предназначена для других классов", "Выберите платформу для класса ребёнка."),
    Why.NO_CONSENT: Locked(
        "Нет согласия на обработку данных ребёнка",
        "Дайте согласие: без него мы не вправе ничего передать платформе.",
        Way("/consents", "Дать согласие"),
    ),
}


def locked(why: Why, *, for_guardian: bool, is_child: bool) -> Locked:
    """`for_guardian`: a parent reads it about a child; `is_child`: the pupil is under 14."""
    if for_guardian:
        return _OF_A_CHILD.get(why, _OWN[why])
    return _CHILD_NO_CONSENT if is_child and why is Why.NO_CONSENT else _OWN[why]


DATA: Mapping[Claim, tuple[str, str]] = {
    Claim.ROLE: ("Роль", "чтобы открыть раздел для учеников"),
    Claim.GRADE: ("Класс", "чтобы подобрать задания"),
    Claim.SCHOOL: ("Школа", "чтобы показать задания вашей школы"),
    Claim.NAME: ("Имя и фамилия", "чтобы учитель узнал вас в журнале платформы"),
}
"""Kind of data → its name and what the platform wants it for."""

ONLY_READS = (
    "Вам видно, какие платформы открыты. Открывает и закрывает их сам ученик или взрослый, который его представляет."
)
"""To an adult who may look and not decide."""
ALWAYS_SENT = ("Псевдоним", "чтобы узнавать вас в следующий раз; у другой платформы он другой")
_NOT_SENT: Mapping[Claim, str] = {Claim.NAME: "имя и фамилию", Claim.SCHOOL: "школу", Claim.GRADE: "класс"}
_NEVER_SENT = ("электронную почту", "телефон", "СНИЛС и документы", "дату рождения")

CHANNELS: Mapping[Channel, str] = {
    Channel.SIGN_IN: "при входе на платформу",
    Channel.USERINFO: "по запросу платформы после входа",
}


def not_sent(claims: frozenset[Claim]) -> list[str]:
    """What a platform with these claims never gets, in the accusative."""
    return [*(name for claim, name in _NOT_SENT.items() if claim not in claims), *_NEVER_SENT]


def received(claims: frozenset[Claim]) -> str:
    """«псевдоним, роль, класс»."""
    return ", ".join(["псевдоним", *(name.lower() for claim, (name, _) in DATA.items() if claim in claims)])


def for_whom(platform: LearningPlatform) -> str:
    if platform.first_grade == platform.last_grade:
        return f"ученики {platform.first_grade}\u00a0класса"
    return f"ученики с\u00a0{platform.first_grade} по\u00a0{platform.last_grade}\u00a0класс"


def subjects(platform: LearningPlatform) -> str:
    """«Математика, русский язык»: only the first begins with a capital."""
    first, *rest = platform.subjects
    return ", ".join([first, *(name[:1].lower() + name[1:] for name in rest)])
