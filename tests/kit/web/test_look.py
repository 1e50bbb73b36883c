"""The look: what is committed keeps its budget, its colours and its promises; templates keep their contract."""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from myschool.kit.web import assets
from myschool.kit.web.display import Display
from myschool.kit.web.forms import Form
from myschool.kit.web.house import TEMPLATES

DESIGN = Path(__file__).parents[3] / "design"
MANIFEST: dict[str, str] = json.loads((assets.FOLDER / "manifest.json").read_text())
CSS = (assets.FOLDER / MANIFEST["myschool.css"]).read_text()
BAND = "Песочница. Это не портал Госуслуг, не вводите настоящие данные"
LOOKS = ("look-portal", "look-gosuslugi", "look-sandbox", "look-platform")
LICENCES = {"golos-text.LICENSE", "govuk-frontend.LICENSE"}

Colours = dict[str, str]


@dataclass(frozen=True)
class House:
    key: str
    name: str = "Моя школа"
    band: str = ""
    sign_in_path: str = "/login"

    def nav(self, visit: "Visit") -> list[dict[str, object]]:
        return [
            {"href": "/", "text": "Главная", "active": visit.path == "/"},
            {"href": "/family", "text": "Семья", "active": False},
        ]


class Visit:
    path = "/"
    trace = "7f3a"
    csrf_token = "secret-of-the-form"

    def __init__(self, person_name: str | None = None, display: Display | None = None) -> None:
        self.person_name = person_name
        self.display = display or Display()
        self.told = [{"kind": "success", "title": "Сохранено", "text": ""}]

    @property
    def notice(self) -> dict[str, str] | None:
        """Shown once, as the session's notice is."""
        return self.told.pop() if self.told else None


def drawn(content: str, **context: Any) -> str:
    """A page whose content is `content`, drawn as a house draws it."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["asset"] = assets.asset_url
    given = {"house": House("portal"), "visit": Visit(), "page_title": "Заголовок", **context}
    if content.endswith(".html"):
        return env.get_template(content).render(given)
    page = '{% extends "layout.html" %}{% import "ui.html" as ui %}{% block content %}' + content + "{% endblock %}"
    return env.from_string(page).render(given)


def wrong(**errors: str) -> Form:
    form = Form({"snils": "112-233-445 96", "password": "тайна"}, once="0198")
    for name, sentence in errors.items():
        form.refuse(name, sentence)
    return form


def weight(name: str) -> int:
    return len(gzip.compress((assets.FOLDER / MANIFEST[name]).read_bytes(), 9))


def test_styles_and_script_fit_the_budget() -> None:
    """A page loads at most 25 KB of compressed CSS and JS together, and a font of at most 60 KB."""
    assert weight("myschool.css") + weight("myschool.js") <= 25 * 1024
    assert (assets.FOLDER / MANIFEST["golos-text.woff2"]).stat().st_size <= 60 * 1024


def test_every_asset_carries_the_hash_of_its_content() -> None:
    """The manifest names exactly the files that lie there, each under the hash of what it holds."""
    for name, hashed in MANIFEST.items():
        digest = hashlib.sha256((assets.FOLDER / hashed).read_bytes()).hexdigest()[:10]
        stem, dot, kind = name.rpartition(".")
        assert hashed == f"{stem}.{digest}{dot}{kind}"
    assert {path.name for path in assets.FOLDER.iterdir()} == {*MANIFEST.values(), "manifest.json", *LICENCES}


def test_nothing_of_another_state_is_shipped() -> None:
    """No foreign font, crest, header or picture: the only address in the styles is our own font."""
    assert re.findall(r"url\(([^)]*)\)", CSS) == [MANIFEST["golos-text.woff2"]]
    for foreign in ("GDS Transport", "crest", ".govuk-header", "govuk-logo"):
        assert foreign not in CSS


def test_the_lock_of_the_build_names_no_registry() -> None:
    """The committed lock pins by hash and leaves the source of packages to whoever builds."""
    lock = (DESIGN / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def luminance(colour: str) -> float:
    text = colour.lstrip("#")
    parts = [text[i : i + 2] for i in (0, 2, 4)] if len(text) == 6 else [one * 2 for one in text[:3]]
    channels = [int(part, 16) / 255 for part in parts]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance: 1 … 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colours(*classes: str) -> Colours:
    """The named colours on <html class=…>, as the cascade settles them."""
    found: list[tuple[int, Colours]] = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        wanted = set(re.findall(r"\.([\w-]+)", selector))
        plain = re.fullmatch(r"(:root|html)?(\.[\w-]+)*", selector.strip())
        if plain and wanted <= set(classes):
            named = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]+)", body))
            found.append((len(wanted) + (0.5 if selector.startswith("html") else 0) if wanted else 0, named))
    settled: Colours = {}
    for _, named in sorted(found, key=lambda rule: rule[0]):
        settled.update(named)
    return settled


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("display", [(), ("dark",), ("contrast",), ("contrast", "dark")])
def test_text_is_readable_in_every_look(look: str, display: tuple[str, ...]) -> None:
    """Text and links are at least 7:1 on the sheet, words on buttons and hints on tints at least 4.5:1."""
    now = colours(look, *display)
    for text in ("main", "text", "quiet"):
        assert contrast(now[text], now["sheet"]) >= 7, text
    for text, ground in (
        ("on-main", "main"), ("text", "band"), ("quiet", "paper"), ("main", "main-soft"), ("main", "paper"),
        ("text", "bad-soft"), ("text", "good-soft"), ("text", "wait-soft"),
    ):  # fmt: skip
        assert contrast(now["on-band" if ground == "band" else text], now[ground]) >= 4.5, (text, ground)
    for edge in ("field", "ring", "bad"):
        assert contrast(now[edge], now["sheet"]) >= 3, edge


def test_the_identity_house_wears_no_colour_of_the_states_portal() -> None:
    """Its main colour is neither the portal's blue nor any blue or red."""
    assert colours("look-portal")["main"] == "#0d4cd3"
    main = colours("look-gosuslugi")["main"]
    red, green, blue = (int(main[i : i + 2], 16) for i in (1, 3, 5))
    assert green > red * 3
    assert abs(green - blue) < 32


def test_alarm_colours_never_write_words() -> None:
    """Red, green and orange colour signs and edges: a rule that sets them as text belongs to a sign."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        if re.search(r"(?:^|;)color:var\(--(bad|good|wait)\)", body):
            assert ".icon" in selector, selector


@pytest.mark.parametrize(
    ("key", "look"),
    [
        ("portal", "look-portal"), ("gosuslugi", "look-gosuslugi"), ("mailbox", "look-sandbox"),
        ("registry", "look-sandbox"), ("platform", "look-platform"),
    ],
)  # fmt: skip
def test_every_house_has_its_look(key: str, look: str) -> None:
    """The house's key chooses the look; display settings stand beside it on <html>."""
    page = drawn("", house=House(key), visit=Visit(display=Display(150, contrast=True, dark=True, spacing=True)))
    assert f'<html lang="ru" class="{look} size-150 contrast dark spacing">' in page


def test_the_band_stands_on_every_page_of_the_identity_house() -> None:
    """Ordinary, error and display pages carry the band, and nothing on it closes it."""
    house = House("gosuslugi", "Госуслуги · песочница", BAND)
    lost = {"code": 404, "heading": "Нет", "text": "Нет", "ways": [{"href": "/", "text": "На главную"}]}
    for page in (
        drawn("<h1>Семья</h1>", house=house),
        drawn("error.html", house=house, **lost),
        drawn("display.html", house=house, form=Form({"next": "/"})),
    ):
        band = page[page.index('<section class="band"') : page.index('<header class="header"')]
        assert BAND in band
        assert "<button" not in band
        assert "<a " not in band


def test_outside_the_sandbox_there_is_no_band() -> None:
    """A house without a band draws none."""
    assert 'class="band"' not in drawn("", house=House("portal"))


def test_pages_obey_the_content_policy() -> None:
    """No inline script, style or event handler in any page."""
    text = """{{ ui.errors(form) }}{{ ui.field(form, "snils", "СНИЛС", hint="11 цифр") }}{{ ui.password(form) }}
        {{ ui.date(form, "birth", "Дата") }}{{ ui.choice(form, "who", "Кто", [("a", "А", "б")]) }}{{ ui.button("Да") }}
        {{ ui.steps(["А", "Б"], 1) }}{{ ui.status("вчера") }}
        {{ ui.pager(1, 2, "?page=") }}{{ ui.tag("Ждём", "wait") }}"""
    page = drawn(text, form=wrong(snils="Проверьте СНИЛС"), visit=Visit("Анна"))
    assert not re.search(r"\sstyle\s*=|\son\w+\s*=|<style", page)
    assert re.findall(r"<script([^>]*)>", page) == [f' type="module" src="{assets.asset_url("myschool.js")}"']
    assert len(page.encode()) <= 30 * 1024


def test_an_error_is_said_in_title_summary_and_at_the_field() -> None:
    """The title warns, the summary's link leads to the field, the field keeps what was typed and repeats the words."""
    sentence = "Проверьте СНИЛС: контрольное число не сходится"
    page = drawn(
        '{{ ui.errors(form) }}{{ ui.field(form, "snils", "СНИЛС", hint="11 цифр") }}', form=wrong(snils=sentence)
    )
    assert "<title>Ошибка: Заголовок — Моя школа</title>" in page
    assert f'<a href="#snils">{sentence}</a>' in page
    assert page.count(sentence) == 2
    field = re.search(r'<input[^>]*id="snils"[^>]*>', page)
    assert field is not None
    assert 'value="112-233-445 96"' in field[0]
    assert 'aria-describedby="snils-hint snils-error"' in field[0]
    assert 'aria-invalid="true"' in field[0]


def test_without_errors_the_title_is_calm() -> None:
    """A form without errors changes no title and draws no summary."""
    page = drawn("{{ ui.errors(form) }}", form=wrong())
    assert "<title>Заголовок — Моя школа</title>" in page
    assert "error-summary" not in page


@pytest.mark.parametrize(
    "field",
    [
        'ui.textarea(form, "x", "Икс")', 'ui.select(form, "x", "Икс", [("1", "Один")])', 'ui.date(form, "x", "Икс")',
        'ui.choice(form, "x", "Икс", [("1", "Один"), ("2", "Два")])', 'ui.checks(form, "x", "Икс", [("1", "Один")])',
        'ui.check(form, "x", "Икс")', 'ui.password(form, "x")', 'ui.code(form, "x")',
    ],
)  # fmt: skip
def test_the_summary_finds_every_kind_of_field(field: str) -> None:
    """Whatever the field, something that takes the focus has the id that the summary links to."""
    page = drawn("{{ " + field + " }}", form=wrong(x="Не так"))
    assert len(re.findall(r'<(?:input|select|textarea)[^>]*\bid="x"', page)) == 1
    assert page.count("Не так") == 1


def test_a_password_is_never_sent_back() -> None:
    """What was typed as a password is not in the page."""
    assert "тайна" not in drawn("{{ ui.password(form) }}", form=wrong(password="Неверный пароль"))


def test_words_of_people_are_escaped() -> None:
    """Text typed by a person stays text."""
    page = drawn(
        '{{ ui.field(form, "a", "А") }}{{ ui.summary([("Имя", name)]) }}', form=Form({"a": '"><b>'}), name="<i>"
    )
    assert "<b>" not in page
    assert "<i>" not in page


def test_a_form_carries_its_token_and_its_number() -> None:
    """The token guards the form, the number makes a repeated press harmless."""
    page = drawn("{{ ui.csrf(visit, form) }}", form=wrong())
    assert '<input type="hidden" name="csrf" value="secret-of-the-form">' in page
    assert '<input type="hidden" name="once" value="0198">' in page


def test_signing_out_is_a_guarded_post() -> None:
    """«Выйти» is a form, never a link; a stranger sees «Войти» instead."""
    page = drawn("", visit=Visit("Анна Соколова"))
    form = page[page.index('<form method="post" action="/logout">') :]
    assert form.index('name="csrf"') < form.index("Выйти") < form.index("</form>")
    assert "Выйти" not in drawn("")
    assert 'href="/login">Войти' in drawn("")


def test_a_page_for_whoever_it_is_offers_no_way_in() -> None:
    """An error page does not know who is there: «Войти» would tell somebody signed in that he is out."""
    page = drawn("error.html", code=409, heading="Уже отправлено", text="Откройте карточку.", ways=[])
    assert "Уже отправлено" in page
    assert "Войти" not in page


def test_a_notice_is_read_once() -> None:
    """The notice forgets itself when read, so the frame reads it once and shows all of it."""
    assert drawn("").count("Сохранено") == 1


def test_a_timeline_leaves_out_what_nobody_knows() -> None:
    """Only what an event has to say is said, and the present step is marked in words for machines."""
    page = drawn('{{ ui.timeline([{"words": "Школа проверяет", "kind": "now", "promised": "9 декабря"}]) }}')
    assert "Не позднее: <strong>9 декабря</strong>" in page
    assert "Сейчас действует" not in page
    assert 'aria-current="step"' in page
