"""Schools for tests: few fields, valid numbers, none of a real person."""

from myschool.papers.numbers import Inn, Ogrn
from myschool.portal.schools.model import School, SchoolKind


def ogrn(number: int) -> str:
    """A valid ОГРН made from a small number."""
    first = f"10277{number:07d}"
    return f"{first}{int(first) % 11 % 10}"


def inn(number: int) -> str:
    """A valid ИНН of a legal entity made from a small number."""
    first = f"77{number:07d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    control = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11 % 10
    return f"{first}{control}"


def school(
    number: int,
    full_name: str,
    short_name: str = "",
    *,
    place: str = "",
    region: str = "",
    region_code: str = "",
    municipality: str = "",
    address: str = "",
    kind: SchoolKind = SchoolKind.SCHOOL,
    **more: object,
) -> School:
    return School(
        ogrn=Ogrn(ogrn(number)),
        inn=Inn(inn(number)),
        full_name=full_name,
        short_name=short_name,
        settlement=place,
        region=region,
        region_code=region_code,
        municipality=municipality,
        address=address,
        kind=kind,
        **more,  # type: ignore[arg-type]
    )


TULA_5 = school(
    5,
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 5» города Тулы",
    "МБОУ СОШ № 5",
    place="г Тула",
    region="Тульская область",
    region_code="71",
    address="300000, Тульская область, г. Тула, ул. Ленина, д. 12",
)
TULA_12 = school(
    12,
    "Муниципальное бюджетное общеобразовательное учреждение «Гимназия № 12» города Тулы",
    "МБОУ Гимназия № 12",
    place="г Тула",
    region="Тульская область",
    region_code="71",
    address="300000, Тульская область, г. Тула, ул. Мира, д. 5",
    kind=SchoolKind.GYMNASIUM,
)
PETERSBURG_5 = school(
    105,
    "Государственное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № 5 "
    "Выборгского района Санкт-Петербурга",
    "ГБОУ СОШ № 5 Выборгского района",
    place="г Санкт-Петербург",
    region="Санкт-Петербург",
    region_code="78",
    municipality="Выборгский район",
)
VILLAGE = school(
    200,
    "Муниципальное казённое общеобразовательное учреждение «Верхнекаменская средняя общеобразовательная школа»",
    "МКОУ «Верхнекаменская СОШ»",
    place="с Верхняя Каменка",
    region="Воронежская область",
    region_code="36",
    municipality="Лискинский район",
)
YOUNG_NATURALISTS = school(
    300,
    "Муниципальное бюджетное учреждение дополнительного образования «Тульский городской центр юных натуралистов»",
    place="г Тула",
    region="Тульская область",
    region_code="71",
    kind=SchoolKind.ADDITIONAL,
)
ZELENOGORSK = school(
    400,
    "МБОУ «Лицей № 174»",
    place="г Зеленогорск",
    region="Красноярский край",
    region_code="24",
    kind=SchoolKind.LYCEUM,
)
ZELENOGORSKY = school(
    401, "МОБУ «Зеленогорская школа»", place="п Зеленогорский", region="Тверская область", region_code="69"
)
MALAKHOV_KINDERGARTEN = school(
    500,
    "Муниципальное бюджетное дошкольное образовательное учреждение «Детский сад № 5»",
    "МБДОУ «Детский сад № 5»",
    place="г Тула",
    region="Тульская область",
    region_code="71",
    kind=SchoolKind.KINDERGARTEN,
)

SCHOOLS = (
    TULA_5,
    TULA_12,
    PETERSBURG_5,
    VILLAGE,
    YOUNG_NATURALISTS,
    ZELENOGORSK,
    ZELENOGORSKY,
    MALAKHOV_KINDERGARTEN,
)
