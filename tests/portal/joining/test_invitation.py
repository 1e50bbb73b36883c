"""The link of a class: read as it was made, by nobody else, not after its end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.kit.vault import Vault, VaultKey
from myschool.portal.joining.invitation import (
    VALID_FOR,
    InvitationEnded,
    InvitationInvalid,
    new_invitation,
    read_token,
    token_of,
)
from myschool.portal.roll.model import SchoolClass
from tests.portal.joining.conftest import SCHOOL

TODAY = date(2026, 9, 1)
VAULT = Vault([VaultKey.fresh()])
INVITATION = new_invitation(SCHOOL, SchoolClass(8, "Б"), TODAY)
TOKEN = token_of(INVITATION, VAULT)


@pytest.mark.parametrize("school_class", [SchoolClass(1, "А"), SchoolClass(11), SchoolClass(9, "Ё")])
def test_what_was_invited_to_is_read_back(school_class: SchoolClass) -> None:
    """School, class and last day come out as they went in."""
    made = new_invitation(SCHOOL, school_class, TODAY)
    assert read_token(token_of(made, VAULT), VAULT, TODAY) == made


def test_it_opens_on_its_last_day_and_not_on_the_next() -> None:
    """`until` is the last day."""
    assert read_token(TOKEN, VAULT, TODAY + VALID_FOR) == INVITATION
    with pytest.raises(InvitationEnded):
        read_token(TOKEN, VAULT, TODAY + VALID_FOR + timedelta(days=1))


def test_another_house_cannot_make_one() -> None:
    """A token sealed with a foreign key is refused."""
    with pytest.raises(InvitationInvalid):
        read_token(token_of(INVITATION, Vault([VaultKey.fresh()])), VAULT, TODAY)


def test_it_survives_a_change_of_keys() -> None:
    """A code on the wall of the classroom still opens after the vault's key was rotated."""
    old = VaultKey.fresh()
    token = token_of(INVITATION, Vault([old]))
    assert read_token(token, Vault([VaultKey.fresh(), old]), TODAY) == INVITATION


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_one_changed_character_is_seen(place: int) -> None:
    """No character of the link can be another: not the class, not the school, not the day."""
    other = "A" if TOKEN[place] != "A" else "B"
    changed = TOKEN[:place] + other + TOKEN[place + 1 :]
    with pytest.raises(InvitationInvalid):
        read_token(changed, VAULT, TODAY)


@given(st.text(max_size=200))
def test_nonsense_is_refused(text: str) -> None:
    """Whatever stands in the address, the answer is a refusal and no accident."""
    with pytest.raises(InvitationInvalid):
        read_token(text, VAULT, TODAY)
