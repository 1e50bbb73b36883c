"""A printed paper: read back as text, its QR code decoded, its tags looked for."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp

from myschool.kit import printing
from myschool.kit.printing import Code, Heading, Items, Number, Rows, Sheet, Steps, Text, press

NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Europe/Moscow"))
SHEET = Sheet(
    title="Что взять в центр",
    lead="Алёна",
    parts=[
        Number("Номер заявления", "4F7D-29GN"),
        Code("4F7D-29GN", "QR-код с номером заявления", "Покажите код"),
        Heading("Возьмите"),
        Items(["Паспорт", "Свидетельство"]),
        Steps(["Придите", "Покажите"]),
        Rows([("Куда", "Центр на Советской, 5")]),
        Text("Ёлка, «кавычки», № 5 — тире", strong=True),
    ],
    foot="Песочница",
)


def words(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def codes(made: bytes) -> list[str]:
    picture = pypdfium2.PdfDocument(made)[0].render(scale=2).to_pil()
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def test_every_word_of_the_sheet_can_be_read_and_copied() -> None:
    """Russian letters keep their codes: what is found by eye is found by search."""
    text = words(printing.pdf(SHEET, NOW))
    said = [
        "Что взять в центр",
        "Алёна",
        "4F7D-29GN",
        "Покажите код",
        "Паспорт",
        "1. Придите",
        "Центр на Советской, 5",
        "Ёлка, «кавычки», № 5 — тире",
        "Песочница",
    ]
    assert [one for one in said if one not in text] == []


def test_the_code_says_what_the_paper_says() -> None:
    """As a scanner at a counter reads it from the drawn page."""
    assert codes(printing.pdf(SHEET, NOW)) == ["4F7D-29GN"]


def test_the_paper_is_tagged_has_a_title_and_a_language() -> None:
    """PDF/UA-1: what a screen reader asks for."""
    made = printing.pdf(SHEET, NOW)
    assert pypdfium2.PdfDocument(made).get_metadata_value("Title") == SHEET.title
    for needed in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"pdfuaid"):
        assert needed in made, needed


@pytest.mark.parametrize("typed", ["#panic()", "*x* $y$ _z_", '"]))', "<a> @b", "= Head", "\\ //", "x" * 5000])
def test_what_people_typed_is_shown_and_never_obeyed(typed: str) -> None:
    """No word of a paper is markup."""
    sheet = Sheet(typed, [Text(typed), Items([typed]), Number(typed, typed), Rows([(typed, typed)])])
    made = printing.pdf(sheet, NOW)
    assert typed[:20] in words(made)


@pytest.mark.parametrize("typed", ["🙂", "Ж\u0301", "漢字", "a\x00b", "a\nb", "\u202e", "ӄ", "\u200b"])
def test_a_character_without_a_letter_in_our_font_leaves_no_hole(typed: str) -> None:
    """A question mark stands there; the paper is made."""
    assert "?" in words(printing.pdf(Sheet("Имя", [Text(typed)]), NOW))


def test_every_letter_that_is_let_through_is_drawn() -> None:
    """The font has it: PDF/UA refuses the paper otherwise."""
    letters = "".join(chr(code) for code in range(32, 0x3000) if not press._UNDRAWN.match(chr(code)))
    assert set("Ёё№«»—") <= set(letters)
    assert printing.pdf(Sheet("Буквы", [Text(letters), Text(letters, strong=True)]), NOW)


def test_the_same_sheet_is_the_same_paper() -> None:
    """To the byte, so a paper can be made again instead of being kept."""
    assert printing.pdf(SHEET, NOW) == printing.pdf(SHEET, NOW)


def test_a_paper_is_made_at_any_moment() -> None:
    """A clock that is not stopped tells microseconds."""
    assert printing.pdf(SHEET, NOW.replace(microsecond=123_456)) == printing.pdf(SHEET, NOW)


def test_a_long_list_goes_on_to_the_next_page() -> None:
    """Nothing falls off the end."""
    made = printing.pdf(Sheet("Список", [Items([f"Строка {n}" for n in range(120)])]), NOW)
    assert "Строка 119" in words(made)
    assert len(pypdfium2.PdfDocument(made)) > 1
