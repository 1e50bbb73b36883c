"""Draws every part of the interface, in every look and display setting, to be looked at and checked.

python design/gallery.py FOLDER            pages, pictures at 390 and 1280 px and axe's verdict
python design/gallery.py FOLDER --pages    pages only
"""

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page, sync_playwright

WEB = Path(__file__).parent.parent / "src/myschool/kit/web"
PAGES = Path(__file__).parent / "gallery"
MANIFEST = json.loads((WEB / "assets/manifest.json").read_text())
BANDS = {
    "gosuslugi": "Песочница. Это не портал Госуслуг, не вводите настоящие данные",
    "portal": "Песочница: люди и школы здесь вымышлены",
    "mailbox": "Песочница: письма и СМС никуда не уходят",
    "registry": "Песочница: вымышленный реестр",
    "platform": "Песочница: учебный пример платформы",
}
NAMES = {
    "gosuslugi": "Госуслуги · песочница",
    "portal": "Моя школа",
    "mailbox": "Почта и СМС",
    "registry": "Реестр рождений",
    "platform": "Задачник",
}
NAV = {
    "portal": ("Главная", "Моя школа", "Семья", "Платформы", "Личный кабинет"),
    "gosuslugi": ("Главная", "Документы", "Семья и дети", "Безопасность"),
    "mailbox": ("Письма", "СМС"),
    "registry": (),
    "platform": ("Задания", "Успехи"),
}
WIDTHS = (390, 1280)


@dataclass(frozen=True)
class House:
    key: str

    sign_in_path = "/login"

    @property
    def name(self) -> str:
        return NAMES[self.key]

    @property
    def band(self) -> str:
        return BANDS[self.key]

    def nav(self, visit: "Visit") -> list[dict[str, object]]:
        return [
            {"href": f"/{number}", "text": text, "active": number == 0} for number, text in enumerate(NAV[self.key])
        ]


@dataclass(frozen=True)
class Display:
    size: int = 100
    contrast: bool = False
    dark: bool = False
    spacing: bool = False


@dataclass(frozen=True)
class Visit:
    display: Display
    person_name: str | None = "Анна Соколова"
    csrf_token: str = ""
    path: str = "/family"
    trace: str = "7f3a-91c2"
    notice: dict[str, str] | None = None


@dataclass(frozen=True)
class Form:
    typed: defaultdict[str, str] = field(default_factory=lambda: defaultdict(str))
    errors: dict[str, str] = field(default_factory=dict)
    once: str | None = "0198"


@dataclass(frozen=True)
class Sight:
    """One page of the gallery: a template seen in one house with one display setting."""

    name: str
    template: str
    house: str
    title: str
    display: Display = Display()
    person_name: str | None = "Анна Соколова"
    notice: dict[str, str] | None = None
    form: Form = Form()
    extra: dict[str, Any] = field(default_factory=dict)


TYPED = defaultdict(
    str,
    {"family_name": "Соколова", "snils": "112-233-445 96", "birth-day": "31", "birth-month": "2", "birth-year": "2015",
     "who": "mother", "about": "Живём в Туле с 2019 года.", "agree-mail": "1", "code": "482913", "consent": "1"},
)  # fmt: skip
WRONG = Form(
    typed=TYPED,
    errors={
        "family_name": "Напишите фамилию русскими буквами, как в свидетельстве",
        "snils": "Проверьте СНИЛС: контрольное число не сходится",
        "birth": "Такой даты нет: в феврале 28 или 29 дней",
        "who": "Отметьте, кем вы приходитесь ребёнку",
        "region": "Выберите регион",
    },
)
SETTINGS = {
    "form": Form(typed=defaultdict(str, {"size": "100", "contrast": "0", "dark": "0", "spacing": "0", "next": "/"}))
}
HOME, CARD = "Всё школьное — в одном месте", "Карточка ребёнка"
NIGHT = Display(contrast=True, dark=True)
SAVED = {"kind": "success", "title": "Данные ребёнка сохранены", "text": "Мы уже спросили ЗАГС о свидетельстве."}
LOST = {
    "code": 404,
    "heading": "Такой страницы нет",
    "text": "Возможно, адрес набран с ошибкой или страница переехала.",
    "ways": [{"href": "/", "text": "На главную"}, {"href": "/help", "text": "Помощь"}],
}
SIGHTS = (
    Sight("parts-portal", "parts.html", "portal", "Заявка в школу", notice=SAVED),
    Sight("parts-gosuslugi", "parts.html", "gosuslugi", "Семья и дети", notice=SAVED),
    Sight("parts-sandbox", "parts.html", "mailbox", "Письма", person_name=None),
    Sight("parts-platform", "parts.html", "platform", "Задания"),
    Sight("form-portal", "form.html", "portal", "Кто будет учиться?"),
    Sight("form-gosuslugi", "form.html", "gosuslugi", CARD),
    Sight("wrong-gosuslugi", "form.html", "gosuslugi", CARD, form=WRONG),
    Sight("home-portal", "home.html", "portal", HOME, person_name=None),
    Sight("home-gosuslugi", "home.html", "gosuslugi", "Одна учётная запись — для всего", person_name=None),
    Sight("home-contrast", "home.html", "portal", HOME, Display(contrast=True), person_name=None),
    Sight("done-portal", "done.html", "portal", "Заявка отправлена"),
    Sight("sign-in-gosuslugi", "sign_in.html", "gosuslugi", "Вход", person_name=None),
    Sight("error-portal", "error.html", "portal", "Такой страницы нет", extra=LOST),
    Sight("display-portal", "display.html", "portal", "Версия для слабовидящих", extra=SETTINGS),
    Sight("parts-portal-dark", "parts.html", "portal", "Заявка в школу", Display(dark=True), notice=SAVED),
    Sight("wrong-gosuslugi-dark", "form.html", "gosuslugi", CARD, Display(dark=True), form=WRONG),
    Sight("home-portal-dark", "home.html", "portal", HOME, Display(dark=True), person_name=None),
    Sight("parts-portal-contrast", "parts.html", "portal", "Заявка в школу", Display(contrast=True), notice=SAVED),
    Sight("wrong-gosuslugi-contrast-dark", "form.html", "gosuslugi", CARD, NIGHT, form=WRONG),
    Sight("parts-portal-200", "parts.html", "portal", "Заявка в школу", Display(size=200), notice=SAVED),
    Sight("wrong-gosuslugi-200", "form.html", "gosuslugi", CARD, Display(size=200), form=WRONG),
    Sight("form-portal-spacing", "form.html", "portal", "Кто будет учиться?", Display(size=150, spacing=True)),
)  # fmt: skip


def draw(folder: Path) -> list[Path]:
    """Writes the pages and returns their paths."""
    env = Environment(
        loader=FileSystemLoader([PAGES, WEB / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    paths = []
    for sight in SIGHTS:
        context: dict[str, Any] = {
            "house": House(sight.house),
            "visit": Visit(sight.display, sight.person_name, notice=sight.notice),
            "asset": lambda name: (WEB / "assets" / MANIFEST[name]).as_uri(),
            "page_title": sight.title,
            "form": sight.form,
        }
        path = folder / f"{sight.name}.html"
        path.write_text(env.get_template(sight.template).render(context | sight.extra))
        paths.append(path)
    return paths


def judge(page: Page, name: str) -> int:
    """Prints what axe finds and what sticks out at the side; returns how many faults there are."""
    verdict = Axe().run(page)
    for fault in verdict.response["violations"]:
        print(f"{name}: {fault['id']}: {fault['help']}")
        for node in fault["nodes"][:4]:
            print("   ", node["html"][:160], "|", (node["any"] or [{"message": ""}])[0]["message"])
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        print(f"{name}: {overflow} px wider than the screen")
    return len(verdict.response["violations"]) + (overflow > 0)


def look(browser: Browser, paths: list[Path]) -> int:
    """Takes the pictures; returns the number of faults."""
    faults = 0
    for path in paths:
        for width in (*WIDTHS, 320):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(path.as_uri())
            if width in WIDTHS:
                page.screenshot(path=path.with_name(f"{path.stem}-{width}.png"), full_page=True)
            faults += judge(page, f"{path.stem} at {width}")
            page.close()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    paths = [path for path in draw(wanted.folder) if wanted.only in path.stem]
    if wanted.pages:
        return 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                  "--no-first-run", "--disable-quic", "--allow-file-access-from-files"],
        )  # fmt: skip
        faults = look(browser, paths)
        browser.close()
    print(f"{len(paths)} pages, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
