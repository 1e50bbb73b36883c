"""How far the provider knows the person, in ESIA's letters."""

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


def may_enter(filters: frozenset[PersonFilter], level: AccountLevel) -> bool:
    """No filter lets everybody in; several let in whoever fits one of them (that they add up is our reading)."""
    fits = {
        PersonFilter.CONFIRMED: level is AccountLevel.CONFIRMED,
        PersonFilter.CHILDREN: level is AccountLevel.CHILD,
        PersonFilter.NOT_CHILDREN: level is not AccountLevel.CHILD,
    }
    return not filters or any(fits[each] for each in filters)
