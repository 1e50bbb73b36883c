"""Sign-in that begins elsewhere: a third party sends the person to the client (OIDC Core §4)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from myschool.oidc.errors import InvalidRequest
from myschool.oidc.parameters import Pairs, read_parameters, with_parameters


@dataclass(frozen=True, slots=True)
class InitiatedLogin:
    """What the client does next: an ordinary authorization request to `issuer`, then to `target_link_uri`."""

    issuer: str
    login_hint: str | None = field(default=None, repr=False)
    target_link_uri: str | None = None


def initiation_url(
    initiate_login_uri: str, issuer: str, login_hint: str | None = None, target_link_uri: str | None = None
) -> str:
    """Where the provider's page sends the person. `login_hint` must be opaque: it stands in a URL."""
    optional = {"login_hint": login_hint, "target_link_uri": target_link_uri}
    given = {name: value for name, value in optional.items() if value is not None}
    return with_parameters(initiate_login_uri, {"iss": issuer, **given})


def read_initiation(pairs: Pairs, trusted_issuers: Collection[str], may_open: Callable[[str], bool]) -> InitiatedLogin:
    """`may_open` says which targets are the client's own; without it this would be an open redirector (§4).

    Raises `InvalidRequest`.
    """
    given = read_parameters(pairs)
    if given.doubled or given.unreadable:
        raise InvalidRequest("a parameter is doubled or unreadable", f"{given.doubled} {given.unreadable}")
    issuer, target = given.get("iss"), given.get("target_link_uri")
    if issuer is None or issuer not in trusted_issuers:
        raise InvalidRequest("iss is not a provider of ours", f"iss {issuer!r:.120}")
    if target is not None and not may_open(target):
        raise InvalidRequest("target_link_uri is not ours", f"target_link_uri {target!r:.200}")
    return InitiatedLogin(issuer, given.get("login_hint"), target)
