"""Letters about a guardianship that rests, ends or comes to its term. They tell nobody anything of another adult."""

from datetime import datetime

from myschool.gosuslugi.family.actions.letters import day, who
from myschool.gosuslugi.family.model import EndReason, Guardianship, GuardianshipState, SuspendReason

PATH = "Откройте «Семья и дети»"

_ENDED = {
    EndReason.MAJORITY: "ребёнку исполнилось 18 лет: дальше он решает за себя сам.\n"
    "Делать ничего не нужно: учётная запись и история остаются у него.",
    EndReason.REVOKED: "ваше право представлять ребёнка отозвано.\n"
    "Если это ошибка, спросите того, кто его дал, или придите в центр обслуживания.",
    EndReason.COURT: "право представлять ребёнка прекращено по решению суда или органа опеки.\n"
    "Если у вас есть другое решение, покажите его в центре обслуживания.",
    EndReason.DEATH: "право представлять ребёнка прекращено.",
    EndReason.SUPERSEDED: "ваше право представлять ребёнка записано заново, прежняя карточка закрыта.\n"
    f"{PATH}: там новая.",
    EndReason.NOT_MY_CHILD: "вы отметили «Это не мой ребёнок», карточка закрыта.\n"
    "Если вы этого не делали, смените пароль и добавьте ребёнка снова.",
    EndReason.TERM_OVER: "срок, на который вы представляли ребёнка, закончился.\n"
    "Если у вас есть новый документ, покажите его в центре обслуживания. Доверенность даст снова родитель.",
    EndReason.NOT_PURSUED: "мы ждали вас 90 дней, и карточка закрылась.\n"
    "Ничего не потеряно: добавьте ребёнка снова, когда будете готовы.",
}

_SUSPENDED = {
    SuspendReason.DISPUTE: "взрослые не пришли к согласию о ребёнке.\n"
    "Договоритесь и вместе напишите об этом в центре обслуживания или покажите там решение суда до {day}. "
    "Не будет решения — ваши права вернутся сами.\n"
    "Ребёнок пока входит сам: новый пароль он задаст в центре обслуживания.",
    SuspendReason.COURT: "так решил суд или орган опеки.\n"
    "Если решение изменили, покажите его в центре обслуживания. Мы вернёмся к этому не позднее {day}.",
    SuspendReason.PROTECTION: "чтобы продолжить, нужно прийти в центр обслуживания с паспортом.\n"
    "Мы вернёмся к этому не позднее {day}.",
    SuspendReason.DOUBT: "к документам есть вопросы.\nПридите с ними в центр обслуживания до {day}.",
}


def public_word(reason: SuspendReason) -> str:
    """For histories and journals that the adult or the child reads: a protection is not to be told from a request."""
    return "come_to_centre" if reason is SuspendReason.PROTECTION else f"suspended_{reason}"


def ended(row: Guardianship, reason: EndReason) -> tuple[str, str]:
    return "Вы больше не представляете ребёнка", f"{who(row)}: {_ENDED[reason]}"


def suspended(row: Guardianship, reason: SuspendReason, until: datetime) -> tuple[str, str]:
    if reason is SuspendReason.PROTECTION:
        return "Нужно прийти в центр обслуживания", f"{who(row)}: {_SUSPENDED[reason].format(day=day(until))}"
    words = _SUSPENDED[reason].format(day=day(until))
    return "Вы пока не можете действовать за ребёнка", f"{who(row)}: {words}"


def resumed(row: Guardianship) -> tuple[str, str]:
    return (
        "Вы снова можете действовать за ребёнка",
        f"{who(row)}: ваши права возвращены.\n{PATH}. Если учётная запись ребёнка закрыта, задайте новый пароль.",
    )


def renew_password(row: Guardianship) -> tuple[str, str]:
    return (
        "Задайте ребёнку новый пароль",
        (
            f"чтобы войти не мог никто лишний, мы закрыли вход в учётную запись ребёнка ({who(row)}).\n"
            f"{PATH} и задайте новый пароль: после этого ребёнок снова войдёт. Данные сохранились."
        ),
    )


def reminder(row: Guardianship, at: datetime) -> tuple[str, str]:
    """Of the day on which the present state or the term is over."""
    last = day(at)
    match row.state:
        case GuardianshipState.ACTIVE:
            return (
                "Скоро закончится срок",
                (
                    f"{who(row)}: вы представляете ребёнка до {last}.\n"
                    "Если срок продлили, покажите документ в центре обслуживания. Доверенность продлит родитель."
                ),
            )
        case GuardianshipState.SUSPENDED:
            return (
                "Скоро срок по карточке ребёнка",
                (
                    f"{who(row)}: мы вернёмся к вашим правам {last}.\n"
                    "Если у вас есть решение или документы, покажите их в центре обслуживания до этого дня."
                ),
            )
        case GuardianshipState.REVIEW:
            return (
                "Ждём вас в центре обслуживания",
                (
                    f"{who(row)}: заявление {row.number} ждёт до {last}.\n"
                    "Придите с документами: список — в разделе «Семья и дети». Потом карточка закроется."
                ),
            )
        case _:
            return (
                "Карточка ребёнка скоро закроется",
                f"{who(row)}: исправьте данные и отправьте их снова до {last}.\n{PATH}: там сказано, что не совпало.",
            )


def rests_on(row: Guardianship, until: datetime) -> tuple[str, str]:
    """The date came and nobody decided: an order or a protection does not fall by itself."""
    return (
        "Срок продлён",
        (
            f"{who(row)}: решения пока нет, поэтому ждём до {day(until)}.\n"
            "Чтобы решить раньше, придите в центр обслуживания."
        ),
    )
