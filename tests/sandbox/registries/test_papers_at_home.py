"""What a newcomer needs to walk «Способ №1» by hand stands on a page."""

from myschool.sandbox import cast
from tests.sandbox.registries.conftest import World


async def test_the_childrens_papers_can_be_copied_from_the_page(world: World) -> None:
    """Name, birth date, СНИЛС and certificate of each child of the cast: without them no card can be filled in."""
    page = (await world.http.get("/")).text
    for child in cast.CHILDREN:
        assert child.name.formal in page
        assert child.snils.formatted() in page
        assert child.certificate.formatted() in page
