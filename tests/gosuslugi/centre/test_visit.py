"""The checklist of a visit: the papers of this case, the number, the place and the last day, on a page and on paper."""

import pypdfium2
import zxingcpp

from myschool.gosuslugi.family.model import Relation
from myschool.gosuslugi.people.model import Person
from tests.gosuslugi.family.browser import Browser
from tests.gosuslugi.family.conftest import Home, a_card


def words(made: bytes) -> str:
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    return " ".join(" ".join(pages).split())


async def test_the_paper_names_what_to_bring_where_and_until_when(home: Home, desk: Browser, tamara: Person) -> None:
    """A guardian's act, her centre, the number in the code; no surname and no number of a paper."""
    row = await home.confirmed(tamara, a_card(Relation.GUARDIAN))
    await desk.sign_in(tamara)
    page = await desk.open(f"/family/{row.id}/checklist.pdf")
    assert page.headers["content-type"] == "application/pdf"
    said = words(page.content)
    for part in (row.number, "Алёна", "Акт органа опеки", "Центр на Советской, 5", "Не позднее", "второй сотрудник"):
        assert part in said, part
    for part in ("Смирнова", "Кузнецова", "600101", "000-000", "Тамара"):
        assert part not in said, part
    picture = pypdfium2.PdfDocument(page.content)[0].render(scale=2).to_pil()
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [row.number]


async def test_the_page_says_the_same_without_a_pdf(home: Home, desk: Browser, olga: Person) -> None:
    """A mother needs no act, and one clerk decides."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    await desk.sign_in(olga)
    await desk.open(f"/family/{row.id}/checklist")
    assert row.number in desk.text
    assert "Акт органа опеки" not in desk.text
    assert "Решение примут при вас" in desk.text


async def test_nobody_else_gets_the_paper(home: Home, desk: Browser, olga: Person, tamara: Person) -> None:
    """Not found, like one that is not there."""
    row = await home.submit(olga, a_card())
    await desk.sign_in(tamara)
    assert (await desk.open(f"/family/{row.id}/checklist.pdf")).status_code == 404
