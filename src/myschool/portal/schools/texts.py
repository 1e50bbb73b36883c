"""Russian sentences of the directory's commands: reports, refusals, results."""

from typing import Any

from myschool.portal.schools.actions import ImportReport, TooManyVanish
from myschool.portal.schools.importing import Damage, FileDamaged, Reason, Refusal
from myschool.portal.schools.model import School
from myschool.portal.schools.search.find import Hit

REASONS = {
    Reason.WRONG_OGRN: "ОГРН неверный: в нём 13 цифр, последняя контрольная",
    Reason.WRONG_INN: "ИНН неверный: в нём 10 цифр, последняя контрольная",
    Reason.WRONG_SUCCESSOR: "ОГРН правопреемника неверный",
    Reason.NO_NAME: "нет полного наименования",
    Reason.TOO_LONG: "слишком длинный текст",
    Reason.UNKNOWN_KIND: "неизвестный вид организации",
    Reason.UNKNOWN_REGION: "неизвестный код региона",
    Reason.UNKNOWN_STATE: "неизвестное состояние организации",
    Reason.WRONG_COLUMNS: "другое число столбцов, чем в первой строке",
    Reason.REPEATED: "этот ОГРН уже был выше в файле",
}
DAMAGES = {
    Damage.NOT_FOUND: "файл не открывается",
    Damage.EMPTY: "файл пуст",
    Damage.MISSING_COLUMNS: "нет нужных столбцов",
    Damage.NOT_UTF8: "текст не в кодировке UTF-8",
    Damage.BROKEN_OFF: "файл обрывается на середине записи",
    Damage.BROKEN_ARCHIVE: "архив повреждён или загружен не до конца",
    Damage.NOT_CSV: "это не CSV",
    Damage.NOT_XML: "XML нарушен",
    Damage.HAS_DTD: "в XML есть DTD, такие файлы не принимаются",
    Damage.UNKNOWN_FORM: "неизвестный вид файла: нужен CSV, реестр Рособрнадзора или выписка ЕГРЮЛ",
}


def damaged(error: FileDamaged) -> str:
    place = f"строка {error.line}: " if error.line else ""
    detail = f" ({error.detail})" if error.detail else ""
    return f"Файл не загружен, справочник не изменился. {place}{DAMAGES[error.damage]}{detail}."


def brake(error: TooManyVanish) -> str:
    return (
        f"Загрузка остановлена, справочник не изменился: в файле нет {error.gone} из {error.of} "
        "организаций этого реестра. Так выглядит неполный файл. Если он правильный, повторите с --allow-vanish."
    )


def refusal(one: Refusal) -> str:
    value = f": «{one.value}»" if one.value else ""
    return f"Строка {one.line}: {REASONS[one.reason]}{value}"


def report(done: ImportReport, *, is_dry: bool) -> str:
    counts = done.counts
    head = "Проверка без изменений" if is_dry else "Готово" if counts.touched else "Ничего не изменилось"
    return (
        f"{head}. Строк {counts.lines}: новых {counts.added}, изменённых {counts.changed}, прежних {counts.same}, "
        f"вернулось {counts.back}, убрано {counts.gone}, отклонено {counts.refused}."
    )


def undone(done: ImportReport) -> str:
    return f"Последняя загрузка отменена: убрано {done.counts.gone}, возвращено к прежнему виду {done.counts.changed}."


def result(number: int, school: School, hit: Hit) -> str:
    inn = f", ИНН {school.inn.formatted()}" if school.inn and not school.inn.is_personal else ""
    lines = (
        [f"{number}. {school.shown_name}", f"   {school.full_name}"]
        if school.short_name
        else [f"{number}. {school.full_name}"]
    )
    lines.append(f"   {school.address or school.place}")
    lines.append(f"   ОГРН {school.ogrn.formatted()}{inn}")
    for match in hit.why:
        answered = f"{match.term}, {match.how}, {', '.join(match.fields)}" if match.term else "ничем"
        typed = f" ({match.read_as})" if match.read_as != "as it stands" else ""
        lines.append(f"     «{match.typed}»{typed} ← {answered}; вес {match.weight}, качество {match.quality}")
    return "\n".join(lines)


def as_facts(school: School, hit: Hit) -> dict[str, Any]:
    """For programs."""
    return {
        "ogrn": school.ogrn.digits,
        "inn": school.inn.digits if school.inn and not school.inn.is_personal else None,
        "short_name": school.short_name,
        "full_name": school.full_name,
        "kind": school.kind.value,
        "region_code": school.region_code,
        "place": school.place,
        "address": school.address,
        "state": school.state.value,
        "score": hit.score,
        "why": [
            {
                "typed": match.typed,
                "read_as": match.read_as,
                "term": match.term,
                "how": match.how,
                "fields": list(match.fields),
                "weight": match.weight,
                "quality": match.quality,
            }
            for match in hit.why
        ],
    }
