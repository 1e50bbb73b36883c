"""ЕГРЮЛ as the tax service gives it away: XML, windows-1251 or UTF-8, formats 4.0x.

    EGRUL or Файл / Документ
        СвЮЛ  ОГРН ИНН КПП
            СвНаимЮЛ НаимЮЛПолн (НаимЮЛСокр)  /  СвНаимЮЛСокр НаимСокр
            СвАдресЮЛ / АдресРФ КодРегион Индекс Дом / Регион Район Город НаселПункт Улица      (КЛАДР, until 2022)
                      / СвАдрЮЛФИАС Индекс / Регион НаимРегион МуниципРайон НаселенПункт ЭлУлДорСети Здание
            СвОКВЭД / СвОКВЭДОсн КодОКВЭД
            СвПрекрЮЛ ДатаПрекрЮЛ / СпПрекрЮЛ НаимСпПрекрЮЛ          it is no more
            СвПреем ОГРН                                             who stands in its place

The register has every legal entity of the country; taken are those whose main business is education (ОКВЭД 85). An
ended one with one successor is reorganised, with several or none named it has no successor; without any it is
liquidated. СвПреем of a living entity (a part of it was split off) changes nothing. Names of persons are never read.
"""

from collections.abc import Iterator

from myschool.portal.schools.importing import Line, Refusal, Refused, Source, school_of
from myschool.portal.schools.model import SchoolState
from myschool.portal.schools.naming import kind_of, region_code_of
from myschool.portal.schools.xml_records import Node, records

RECORD = "СвЮЛ"
EDUCATION = "85"
_SHORT_KINDS = {
    "город": "г",
    "село": "с",
    "поселок": "п",
    "посёлок": "п",
    "деревня": "д",
    "станица": "ст-ца",
    "хутор": "х",
    "поселок городского типа": "пгт",
    "рабочий поселок": "рп",
}


def read_egrul(source: Source) -> Iterator[Line | Refusal]:
    """Every organisation of education in the extract. Raises FileDamaged."""
    for stream in source.streams():
        for entity in records(stream, RECORD):
            if entity.attribute("КодОКВЭД", "СвОКВЭД", "СвОКВЭДОсн").startswith(EDUCATION):
                yield _line(entity)


def _line(entity: Node) -> Line | Refusal:
    names = entity.first("СвНаимЮЛ")
    full_name = names.attribute("НаимЮЛПолн") if names else ""
    short_name = (names.attribute("НаимСокр", "СвНаимЮЛСокр") or names.attribute("НаимЮЛСокр")) if names else ""
    state, successor = _end_of(entity)
    values = {
        "ogrn": entity.attribute("ОГРН"),
        "inn": entity.attribute("ИНН"),
        "kpp": entity.attribute("КПП"),
        "full_name": full_name,
        "short_name": short_name,
        "kind": kind_of(full_name),
        "state": state,
        "successor_ogrn": successor,
        **_place(entity),
    }
    try:
        return Line(entity.line, school_of(values))
    except Refused as refused:
        return Refusal(entity.line, refused.reason, refused.value)


def _end_of(entity: Node) -> tuple[SchoolState, str]:
    ended = entity.first("СвПрекрЮЛ")
    if ended is None:
        return SchoolState.ACTIVE, ""
    named = {one.attributes.get("ОГРН", "") for one in entity.all("СвПреем")} - {"", entity.attributes.get("ОГРН", "")}
    manner = ended.attribute("НаимСпПрекрЮЛ", "СпПрекрЮЛ").lower()
    if named or "реорганизац" in manner or "присоединени" in manner or "слияни" in manner:
        return SchoolState.REORGANISED, named.pop() if len(named) == 1 else ""
    return SchoolState.LIQUIDATED, ""


def _place(entity: Node) -> dict[str, str]:
    """Columns of the place; the newer form of the address where both stand."""
    address = entity.first("СвАдресЮЛ")
    newer = address.first("СвАдрЮЛФИАС") if address else None
    if newer is not None and newer.first("НаимРегион"):
        return _by_fias(newer)
    older = address.first("АдресРФ") if address else None
    return _by_kladr(older) if older is not None else {"region_code": entity.attribute("ИНН")[:2]}


def _by_fias(address: Node) -> dict[str, str]:
    region = address.text_of("НаимРегион")
    settlement = _named(address, "НаселенПункт", "Вид", "Наим") or _named(address, "ГородСелПоселен", "Вид", "Наим")
    building = [f"{one.attribute('Тип')} {one.attribute('Номер')}".strip() for one in address.all("Здание")]
    parts = [
        address.attribute("Индекс"),
        region,
        address.attribute("Наим", "МуниципРайон"),
        settlement,
        _named(address, "ЭлУлДорСети", "Тип", "Наим"),
        *building,
    ]
    return {
        "region_code": region_code_of(region) or address.text_of("Регион"),
        "municipality": _titled(address.attribute("Наим", "МуниципРайон")),
        "settlement": settlement,
        "address": ", ".join(filter(None, parts)),
    }


def _by_kladr(address: Node) -> dict[str, str]:
    kind = address.attribute("ТипРегион", "Регион").lower()
    region = f"{_titled(address.attribute('НаимРегион', 'Регион'))} {kind}".strip()
    settlement = _named(address, "НаселПункт", "ТипНаселПункт", "НаимНаселПункт") or _named(
        address, "Город", "ТипГород", "НаимГород"
    )
    district = _named(address, "Район", "ТипРайон", "НаимРайон", behind=True)
    parts = [
        address.attribute("Индекс"),
        region,
        district,
        settlement,
        _named(address, "Улица", "ТипУлица", "НаимУлица"),
        address.attribute("Дом").lower(),
        address.attribute("Корпус").lower(),
    ]
    return {
        "region_code": address.attribute("КодРегион") or region_code_of(region),
        "municipality": district,
        "settlement": settlement,
        "address": ", ".join(filter(None, parts)),
    }


def _named(address: Node, tag: str, kind: str, name: str, *, behind: bool = False) -> str:
    """«г Тула»; «Лискинский район» with its kind behind."""
    said = address.attribute(kind, tag).lower().rstrip(".")
    called = _titled(address.attribute(name, tag))
    if not called:
        return ""
    said = _SHORT_KINDS.get(said, said)
    return f"{called} {said}".strip() if behind else f"{said} {called}".strip()


def _titled(name: str) -> str:
    """«НИЖНИЙ НОВГОРОД» → «Нижний Новгород»; mixed case stays as it is."""
    if not name.isupper():
        return name
    words = name.lower().split(" ")
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in words)
