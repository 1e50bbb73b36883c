"""Sentences of this slice, and the form of a code that all its pages share."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from myschool.gosuslugi.people.model import ContactValue
from myschool.gosuslugi.signin.actions import codes
from myschool.gosuslugi.signin.model import CodeAddress, Entered, Judged, Sending, Whose
from myschool.gosuslugi.signin.password_rules import (
    LONGEST,
    SHORTEST,
    PasswordRefused,
    SaysWhoYouAre,
    TooLong,
    TooShort,
)
from myschool.kit.web.forms import Form
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, counted, worded_moment
from myschool.papers.numbers import Email

TOO_MANY_TRIES = "Слишком много попыток входа. Подождите 15 минут и попробуйте снова или задайте новый пароль"
BUSY = "Сейчас входит очень много людей. Нажмите кнопку ещё раз через несколько секунд"
PASSWORD_HINT = f"Не короче {SHORTEST} знаков. Подойдёт фраза из нескольких слов"


def moment(at: datetime, now: datetime) -> str:
    return worded_moment(at, now, MOSCOW)


def password_refused(error: PasswordRefused) -> str:
    match error:
        case TooShort():
            return f"Пароль короче {SHORTEST} знаков. Добавьте ещё слово"
        case TooLong():
            return f"Пароль длиннее {LONGEST} знаков. Сократите его"
        case SaysWhoYouAre():
            return "Пароль повторяет ваше имя, почту, телефон или СНИЛС. Придумайте другой"
        case _:
            return "Такой пароль угадывают первым. Придумайте другой, например фразу из трёх слов"


def sent_to(value: ContactValue) -> str:
    if isinstance(value, Email):
        return f"Мы отправили письмо с кодом на {value.address}"
    return f"Мы отправили сообщение с кодом на {value.formatted()}"


def sent_to_masked(address: CodeAddress) -> str:
    """Before the sign-in is complete nobody sees the whole address."""
    if isinstance(address.to, Email):
        return f"Мы отправили письмо с кодом на {address.to.masked()}"
    whose = "родителя " if address.whose is Whose.PARENT else ""
    return f"Мы отправили сообщение с кодом на телефон {whose}{address.to.masked()}"


async def take_code(
    form: Form, enter: Callable[[str], Awaitable[Judged]], resend: Callable[[], Awaitable[Sending]]
) -> bool:
    """True when the code was right. A code that is dead for good is replaced by a fresh one at once."""
    wrong = "В коде 6 цифр. Введите их без букв"
    digits = form.take("code", codes.parse, missing="Введите код из сообщения", wrong=wrong)
    form.typed.pop("code", None)
    if digits is None:
        return False
    judged = await enter(digits)
    if judged.right:
        return True
    if judged.entered is Entered.WRONG:
        left = counted(judged.tries_left, "попытка", "попытки", "попыток")
        form.refuse("code", f"Код не подошёл. Проверьте цифры: осталось {left}")
        return False
    form.refuse("code", _DEAD[judged.entered] + _AFTER[await resend()])
    return False


_DEAD = {
    Entered.EXPIRED: "Код устарел: он действует 10 минут. ",
    Entered.EXHAUSTED: "Этот код больше не действует: пять ошибок подряд. ",
    Entered.ABSENT: "Этот код уже использован или заменён. ",
}
_AFTER = {
    Sending.SENT: "Мы отправили новый",
    Sending.TOO_SOON: "Новый уже отправлен, введите его",
    Sending.TOO_MANY: "Новый можно получить через час",
}


def tell_resent(visit: Visit, sending: Sending) -> None:
    match sending:
        case Sending.SENT:
            visit.tell("success", "Новый код отправлен", "Прежний больше не действует.")
        case Sending.TOO_SOON:
            visit.tell("important", "Код уже в пути", "Новый можно запросить через минуту после прежнего.")
        case Sending.TOO_MANY:
            visit.tell("important", "Кодов было слишком много", "Новый можно получить через час.")
