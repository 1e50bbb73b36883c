"""Words of «Моей школы нет в списке»: the letter, and the answers an operator chooses from."""

from myschool.portal.schools.missing import Answer, MissingSchool, MissingState
from myschool.portal.schools.model import School

ANSWERS = {
    MissingState.FOUND: "Школа есть в списке под другим названием",
    MissingState.ADDED: "Школы не было, теперь она добавлена",
    MissingState.REFUSED: "Такой школы нет",
}
STATES = {MissingState.OPEN: "Ждёт ответа", **ANSWERS}


def letter(missing: MissingSchool, answer: Answer, school: School | None, origin: str) -> tuple[str, str]:
    """Subject and text. What the person wrote himself is not sent back: only the number he knows."""
    lines = ["Здравствуйте!", "", f"Вы написали, что вашей школы нет в списке (сообщение {missing.number}).", ""]
    if school is None:
        subject = "Мы не нашли вашу школу"
        lines += ["Мы проверили и не нашли такой школы."]
    else:
        subject = "Мы нашли вашу школу" if answer.state is MissingState.FOUND else "Ваша школа теперь в списке"
        lines += [
            "Школа есть в списке:" if answer.state is MissingState.FOUND else "Мы добавили школу в список:",
            f"{school.shown_name}, {school.address or school.place}",
            f"ОГРН {school.ogrn.digits}",
            "",
            f"Проверьте, ваша ли она: {origin}/schools/{school.ogrn.digits}",
        ]
    if answer.words:
        lines += ["", answer.words]
    lines += ["", f"Если это не то, что вы искали, напишите ещё раз: {origin}/schools/missing", ""]
    return subject, "\n".join(lines)
