"""Which region an address names, and by which clocks its people live."""

from zoneinfo import ZoneInfo

import pytest

from myschool.papers.dates import MOSCOW
from myschool.papers.places import region_in, zone_of_address


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("г. Красноярск, пр. Мира, д. 5", "24"),
        ("Красноярск, ул. Калининградская, 3", "24"),
        ("683000, Камчатский край, г. Петропавловск-Камчатский, ул. Ленинская", "41"),
        ("петропавловск-камчатский", "41"),
        ("Калининградская обл., пос. Янтарный", "39"),
        ("Россия, Респ. Саха (Якутия), г Якутск", "14"),
        ("Якутия, с. Чурапча", "14"),
        ("Республика Татарстан, Казань", "16"),
        ("Кемеровская область, г. Новокузнецк", "42"),
        ("Ханты-Мансийский АО, г. Сургут", "86"),
        ("Чукотский АО, Анадырь", "87"),
        ("Республика Алтай, с. Майма", "04"),
        ("Алтайский край, Барнаул", "22"),
        ("г. Орёл, ул. Комсомольская", "57"),
        ("Санкт-Петербург", "78"),
        ("город Владивосток", "25"),
    ],
)
def test_the_region_of_an_address_is_found(address: str, region: str) -> None:
    """As people write it: with and without the type, the index, the dots."""
    assert region_in(address) == region


@pytest.mark.parametrize("address", [None, "", "ул. Омская, д. 1", "ул. Город Омск, 2", "с. Песочное", "🙂", "Киров"])
def test_an_address_without_a_region_has_moscows_clocks(address: str | None) -> None:
    """A street's name moves nobody to another town; of two towns called Киров the larger is meant."""
    assert zone_of_address(address) in (MOSCOW, ZoneInfo("Europe/Kirov"))


def test_the_zones_reach_from_kaliningrad_to_kamchatka() -> None:
    """Ten hours lie between the first and the last birthday of a day."""
    assert zone_of_address("Калининград") == ZoneInfo("Europe/Kaliningrad")
    assert zone_of_address("Камчатский край, Елизово") == ZoneInfo("Asia/Kamchatka")
