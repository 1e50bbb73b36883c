"""What stops a page, as nouns. `Stop` is drawn by error_pages.py as a page with a trace number.

Stop
├── SignInRequired      to the sign-in and back; what was typed is kept
├── WrongToken          the form came from somewhere else, or is too old
└── Refusal             a dead end with its own words and a way on
    ├── NotFound
    └── Forbidden
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A link that leads on."""

    href: str
    text: str


HOME = Way("/", "На главную")


class Stop(Exception):
    pass


class SignInRequired(Stop):
    pass


class WrongToken(Stop):
    pass


class Refusal(Stop):
    """A page instead of the one asked for: heading, text and where to go from here."""

    def __init__(self, heading: str, text: str, *, status: int = 400, ways: Sequence[Way] = (HOME,)) -> None:
        super().__init__(heading)
        self.heading, self.text, self.status, self.ways = heading, text, status, tuple(ways)


class NotFound(Refusal):
    def __init__(self, heading: str = "Страница не найдена", text: str = "") -> None:
        super().__init__(heading, text or SENTENCES[404][1], status=404)


class Forbidden(Refusal):
    def __init__(self, text: str, *, ways: Sequence[Way] = (HOME,)) -> None:
        super().__init__("Эта страница не для вас", text, status=403, ways=ways)


SENTENCES = {
    400: ("Запрос не понят", "Вернитесь назад и попробуйте ещё раз. Если не поможет, начните с главной страницы."),
    403: ("Форма устарела", "Откройте страницу заново и отправьте форму ещё раз. Мы ничего не изменили."),
    404: (
        "Страница не найдена",
        "Проверьте адрес. Если вы пришли по ссылке из письма, скопируйте её в браузер целиком.",
    ),
    405: ("Так эту страницу открыть нельзя", "Вернитесь назад и нажмите нужную кнопку ещё раз."),
    413: ("Слишком много данных", "Сократите текст или выберите файл меньше и отправьте ещё раз."),
    415: ("Форма пришла в чужом виде", "Откройте страницу заново и отправьте форму ещё раз. Мы ничего не изменили."),
    421: ("Другой адрес", "Этот сервис отвечает только под своим адресом."),
    429: ("Слишком много попыток", "Подождите немного и попробуйте снова. Ваши данные в порядке."),
    500: (
        "Ошибка на нашей стороне",
        "Мы уже записали её. Попробуйте через несколько минут; если повторится, назовите поддержке номер обращения.",
    ),
    503: ("Сервис на минуту недоступен", "Ничего не потеряно и не сохранено. Обновите страницу через минуту."),
}
OUTCOME_UNKNOWN = (
    "Не удалось узнать, сохранилось ли",
    "Связь прервалась в момент сохранения. Откройте раздел заново: если вашей записи там нет, отправьте форму ещё раз.",
)
