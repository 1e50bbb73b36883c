"""Tasks in words, harder with the grade; the same pupil meets them in the same order."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    question: str
    answer: int
    hint: str


YOUNG = (
    Task("На ветке 7 птиц, прилетели ещё 5. Сколько птиц на ветке?", 12, "Дополните 7 до 10."),
    Task("В коробке 15 карандашей, взяли 8. Сколько осталось?", 7, "Отнимите сначала 5, потом ещё 3."),
    Task("Сколько сторон у трёх треугольников вместе?", 9, "У одного треугольника три стороны."),
)
MIDDLE = (
    Task("Поезд прошёл 240 км за 3 часа. Какова его скорость в км/ч?", 80, "Разделите путь на время."),
    Task("Сколько процентов составляет 30 от 120?", 25, "Какую часть от 120 составляет 30?"),
    Task("Найдите наибольший общий делитель чисел 36 и 48.", 12, "Разложите оба числа на простые множители."),
)
OLDER = (
    Task("Решите уравнение: 3x − 7 = 20. Чему равен x?", 9, "Перенесите 7 в правую часть."),
    Task("Катеты прямоугольного треугольника 6 и 8. Чему равна гипотенуза?", 10, "Вспомните теорему Пифагора."),
    Task("Чему равна сумма корней уравнения x² − 5x + 6 = 0?", 5, "Поможет теорема Виета."),
)


def task_for(grade: int | None, number: int) -> Task:
    """`number` from 0; after the last task they begin anew."""
    level = grade or 5
    tasks = YOUNG if level <= 4 else MIDDLE if level <= 6 else OLDER
    return tasks[number % len(tasks)]


def parse_answer(typed: str) -> int:
    """A whole number; a minus may be typed as a dash. Raises ValueError."""
    return int(typed.replace("−", "-").replace("–", "-").replace("\u00a0", "").replace(" ", ""))
