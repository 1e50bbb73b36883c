"""How far the provider knows the person, in ESIA's letters."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable
from enum import StrEnum


class AccountLevel(StrEnum):
    """`urn:esia:sbj:lvl`: «подтверждённая», «упрощённая или стандартная», «учётная запись ребёнка»."""

    CONFIRMED = "PR"
    OTHER = "P"
    CHILD = "KD"


class SignInMethod(StrEnum):
    """`amr`: by password (and a second factor), or by an electronic signature."""

    PASSWORD = "PWD"  # noqa: S105 (a method's name)
    SIGNATURE = "DS"


class AccessType(StrEnum):
    """`access_type`: `offline` brings a refresh token."""

    ONLINE = "online"
    OFFLINE = "offline"


class PersonFilter(StrEnum):
    """`person_filter`: who may come in: confirmed accounts, child accounts, everybody but children."""

    CONFIRMED = "conf_acc"
    CHILDREN = "acc_kid"
    NOT_CHILDREN = "acc_not_kid"


def write_person_filter(filters: Iterable[PersonFilter]) -> str:
    """base64 of the words, as the one client that sends a filter writes it; empty for none."""
    text = " ".join(each.value for each in filters)
    return b64encode(text.encode()).decode() if text else ""


def read_person_filter(text: str) -> frozenset[PersonFilter] | None:
    """Bare words or base64 of them; None when one of them is unknown."""
    words = _filter_words(text)
    if not words <= set(PersonFilter):
        try:
            words = _filter_words(b64decode(text + "=" * (-len(text) % 4), validate=True).decode("ascii"))
        except (binascii.Error, ValueError):
            return None
    return frozenset(PersonFilter(word) for word in words) if words <= set(PersonFilter) else None


def _filter_words(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())


def may_enter(filters: frozenset[PersonFilter], level: AccountLevel) -> bool:
    """No filter lets everybody in; several let in whoever fits one of them (that they add up is our reading)."""
    fits = {
        PersonFilter.CONFIRMED: level is AccountLevel.CONFIRMED,
        PersonFilter.CHILDREN: level is AccountLevel.CHILD,
        PersonFilter.NOT_CHILDREN: level is not AccountLevel.CHILD,
    }
    return not filters or any(fits[each] for each in filters)
