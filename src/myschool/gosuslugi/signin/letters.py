"""The words of letters and SMS of this slice: a first name at most, and never whose account it is."""

from myschool.gosuslugi.people.model import ContactValue
from myschool.gosuslugi.signin.model import Purpose
from myschool.kit.letters import Letter, Message, Sms
from myschool.papers.numbers import Email

FOOT = "\n\nЭто учебная песочница, не портал Госуслуг."

_WHAT_FOR = {
    Purpose.REGISTER: "код для регистрации",
    Purpose.SIGN_IN: "код для входа",
    Purpose.RECOVER: "код для нового пароля",
    Purpose.EMAIL: "код, чтобы подтвердить почту",
    Purpose.MOBILE: "код, чтобы подтвердить телефон",
    Purpose.CHILD_EMAIL: "код, чтобы подтвердить почту ребёнка",
    Purpose.CHILD_MOBILE: "код, чтобы подтвердить телефон ребёнка",
}
_NOT_YOU = {
    Purpose.SIGN_IN: "Если вы не входите сейчас, кто-то знает ваш пароль: смените его в разделе «Безопасность».",
    Purpose.RECOVER: "Если вы не меняете пароль, ничего не делайте: старый пароль работает.",
}


def to(value: ContactValue, subject: str, text: str) -> Message:
    """A letter to a mailbox, an SMS (without subject) to a telephone."""
    if isinstance(value, Email):
        return Letter(value.address, subject, text + FOOT)
    return Sms(f"+7{value.digits}", text)


def code(purpose: Purpose, value: ContactValue, digits: str) -> Message:
    what_for = _WHAT_FOR[purpose]
    if not isinstance(value, Email):
        return Sms(f"+7{value.digits}", f"{digits} — {what_for}. Действует 10 минут. Никому его не говорите.")
    not_you = _NOT_YOU.get(purpose, "Если вы ничего не запрашивали, просто удалите это письмо.")
    text = f"{digits} — {what_for}.\n\nКод действует 10 минут. Никому его не говорите.\n{not_you}"
    return to(value, what_for.capitalize(), text)


def already_registered(value: ContactValue, login_url: str, recover_url: str) -> Message:
    """Instead of a code: the page itself never tells a stranger whether an address is known."""
    return to(
        value,
        "У вас уже есть учётная запись",
        "Кто-то хотел зарегистрироваться с этим адресом, но у вас уже есть учётная запись.\n\n"
        f"Войти: {login_url}\nЗадать новый пароль: {recover_url}\n\nЕсли это были не вы, ничего не делайте.",
    )


def password_changed(value: ContactValue, first_name: str, recover_url: str, *, by_adult: bool = False) -> Message:
    """`by_adult`: the account is a child's, a parent chose the new password."""
    if by_adult:
        text = (
            f"{first_name}, взрослый из твоей семьи сменил пароль твоей учётной записи. "
            "Войди заново с новым паролем: спроси его дома."
        )
        return to(value, "Пароль изменён", text)
    return to(
        value,
        "Пароль изменён",
        f"{first_name}, пароль вашей учётной записи изменён. Все остальные сеансы завершены.\n"
        f"Если это были не вы, задайте новый пароль: {recover_url}",
    )


def contact_changed(value: ContactValue, first_name: str, recover_url: str, *, by_adult: bool = False) -> Message:
    """To the old address: the last word it gets from us. `by_adult`: the contact is a child's, a parent changed it."""
    what = "адрес почты" if isinstance(value, Email) else "номер телефона"
    if by_adult:
        text = (
            f"{first_name}, взрослый из твоей семьи заменил {what} в твоей учётной записи; этот больше не используется."
        )
        return to(value, "Контакт изменён", text)
    return to(
        value,
        "Контакт изменён",
        f"{first_name}, вы заменили {what} в учётной записи; этот больше не используется.\n"
        f"Если это были не вы, задайте новый пароль: {recover_url}",
    )


def new_device(value: ContactValue, first_name: str, device: str, security_url: str) -> Message:
    return to(
        value,
        "Вход с нового устройства",
        f"{first_name}, в вашу учётную запись вошли с нового устройства: {device}.\n"
        f"Если это были не вы, завершите сеанс и смените пароль: {security_url}",
    )


def papers_confirmed(value: ContactValue, first_name: str, cabinet_url: str) -> Message:
    return to(
        value,
        "Паспорт и СНИЛС проверены",
        f"{first_name}, паспорт и СНИЛС проверены. Теперь ваша учётная запись стандартная.\n"
        f"Чтобы получить все услуги, подтвердите личность в центре обслуживания: {cabinet_url}",
    )


def account_handed_over(value: ContactValue, first_name: str, recover_url: str) -> Message:
    return to(
        value,
        "Учётная запись теперь твоя",
        f"{first_name}, паспорт проверен: учётная запись теперь твоя, школа и заявки сохранились.\n"
        "Старый пароль могли знать взрослые, поэтому он больше не действует, а все сеансы завершены.\n"
        f"Задай новый пароль: {recover_url}\n"
        "Потом войди: код придёт тебе.\n"
        "До твоих 18 лет родители видят твои данные и заявки, но менять ничего не могут.",
    )


def papers_not_confirmed(value: ContactValue, first_name: str, identity_url: str) -> Message:
    return to(
        value,
        "Проверка паспорта и СНИЛС не удалась",
        f"{first_name}, проверка паспорта и СНИЛС закончилась, но данные не подтвердились.\n"
        f"Посмотрите, что не совпало, исправьте и отправьте снова: {identity_url}",
    )
