"""Every step of every guide is shown, in both houses, with the picture that a journey took."""

import re
from pathlib import Path

from myschool.help.guides import GUIDES
from myschool.help.pages import PICTURES

JOURNEYS = Path(__file__).parents[1] / "journeys"
LARGEST = 60_000
PNG = b"\x89PNG\r\n\x1a\n"


def told() -> set[str]:
    return {f"{guide.key}/{step.key}.png" for guide in GUIDES.values() for step in guide.steps}


def test_every_step_has_its_picture_and_every_picture_its_step() -> None:
    """`make pictures` takes them; a step that was renamed leaves no old screen behind."""
    taken = {picture.relative_to(PICTURES).as_posix() for picture in PICTURES.rglob("*.png")}
    assert taken == told()


def test_pictures_are_small_and_of_a_telephone() -> None:
    """390 by 844 points, two pixels each, and at most 60 KB: a guide opens on a slow line."""
    for picture in PICTURES.rglob("*.png"):
        content = picture.read_bytes()
        assert content.startswith(PNG), picture
        assert (int.from_bytes(content[16:20]), int.from_bytes(content[20:24])) == (780, 1688), picture
        assert len(content) <= LARGEST, picture


def test_a_guide_names_no_step_twice() -> None:
    """A step's key is its place on the page too."""
    for guide in GUIDES.values():
        keys = [step.key for step in guide.steps]
        assert len(keys) == len(set(keys)), guide.key


def test_every_step_is_walked_by_a_journey() -> None:
    """A key that no journey names has a picture that nothing renews."""
    walked = "".join(story.read_text() for story in JOURNEYS.glob("*.py"))
    for guide in GUIDES.values():
        assert f'"{guide.key}"' in walked, guide.key
        for step in guide.steps:
            assert re.search(rf'step\((?:"{guide.key}", )?"{step.key}"', walked), (guide.key, step.key)
