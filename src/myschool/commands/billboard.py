"""What `up` shows when everything answers: addresses and the cast, as a table and as JSON."""

from pathlib import Path
from typing import Any

import msgspec

from myschool.kit import clock
from myschool.kit.settings import Settings
from myschool.sandbox import cast
from myschool.sandbox.cast import AccountLevel, CastChild, Citizen, Passport

LEVELS = {
    AccountLevel.NONE: "нет учётной записи",
    AccountLevel.SIMPLIFIED: "упрощённая",
    AccountLevel.STANDARD: "стандартная",
    AccountLevel.CONFIRMED: "подтверждённая",
    AccountLevel.CHILD: "ребёнка",
}


def addresses(settings: Settings) -> dict[str, str]:
    """Shown name → URL."""
    houses = {"«Моя школа»": settings.portal_url, "Госуслуги": settings.gosuslugi_url}
    world = {
        "Почта и SMS": settings.mailbox_url,
        "Реестры (ЗАГС)": settings.registry_url,
        "Платформа": settings.platform_url,
    }
    return houses | (world if settings.sandbox else {})


def billboard(settings: Settings) -> str:
    lines = ["", "  Всё работает. Ctrl-C остановит.", ""]
    lines += [f"  {name:<16} {url}" for name, url in addresses(settings).items()]
    if settings.sandbox:
        lines += ["", f"  Действующие лица (пароль у всех: {cast.PASSWORD}; коды приходят в «Почту и SMS»)", ""]
        lines += [line for one in cast.CAST for line in _part(one)]
    return "\n".join([*lines, ""])


def _part(one: Citizen) -> list[str]:
    sign_in = one.sign_in if one.level is not AccountLevel.NONE else f"СНИЛС {one.snils.formatted()}"
    return [f"  {one.name.formal:<34} {sign_in:<28} {LEVELS[one.level]}", f"      {one.fate}"]


def ready_file(settings: Settings, path: Path) -> None:
    """Appears in one step, so whoever waits for it reads it whole."""
    day = cast.stage_day(settings.home, clock.now())
    content: dict[str, Any] = {
        "portal": settings.portal_url,
        "gosuslugi": settings.gosuslugi_url,
        "mailbox": settings.mailbox_url,
        "registry": settings.registry_url,
        "platform": settings.platform_url,
        "home": str(settings.home),
        "cast": [_citizen(one) for one in cast.CAST],
        "children": [_child(one) for one in cast.children(day)],
    }
    fresh = path.with_name(path.name + ".fresh")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2))
    fresh.replace(path)


def _citizen(one: Citizen) -> dict[str, Any]:
    """All that a script needs to play this part; numbers as people type them."""
    return {
        "key": one.key,
        "role": one.role,
        "family_name": one.name.family_name,
        "given_name": one.name.given_name,
        "patronymic": one.name.patronymic,
        "birth_date": one.birth_date,
        "sex": one.sex,
        "snils": one.snils.formatted(),
        "phone": one.phone.formatted(),
        "email": one.email.formatted(),
        "sign_in": one.sign_in,
        "password": one.password,
        "level": one.level,
        "birthplace": one.birthplace,
        "passport": _passport(one.passport),
        "children": [key for key, _ in one.family],
        "school": one.school.digits if one.school else None,
        "school_class": one.school_class,
        "fate": one.fate,
    }


def _child(one: CastChild) -> dict[str, Any]:
    paper = one.certificate
    return {
        "key": one.key,
        "family_name": one.name.family_name,
        "given_name": one.name.given_name,
        "patronymic": one.name.patronymic,
        "birth_date": one.birth_date,
        "sex": one.sex,
        "snils": one.snils.formatted(),
        "birthplace": one.birthplace,
        "certificate": {
            "kind": paper.kind,
            "series": paper.series,
            "number": paper.number,
            "issued_by": paper.issued_by,
            "issued_on": paper.issued_on,
        },
        "email": one.email.formatted() if one.email else None,
        "passport": _passport(one.passport),
        "fate": one.fate,
    }


def _passport(paper: Passport | None) -> dict[str, Any] | None:
    if paper is None:
        return None
    return {
        "series": paper.number.series,
        "number": paper.number.number,
        "issued_on": paper.issued_on,
        "issued_by": paper.issued_by,
        "department": paper.department.formatted(),
    }
