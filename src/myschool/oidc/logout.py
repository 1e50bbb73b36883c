"""Sign-out that a client begins (OIDC RP-Initiated Logout 1.0): where the person may be sent afterwards."""

from dataclasses import dataclass, field

from myschool.oidc.errors import InvalidRequest
from myschool.oidc.parameters import Pairs, read_parameters, with_parameters
from myschool.oidc.registration import RegisteredClient


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """`return_to` None: stay on the provider's page. `id_token_hint` says whose session; it is NOT verified here."""

    client_id: str | None
    return_to: str | None
    id_token_hint: str | None = field(default=None, repr=False)


def judge_logout(pairs: Pairs, client: RegisteredClient | None) -> LogoutRequest:
    """`client` by `client_id` or by the hint's verified audience. Raises `InvalidRequest`: shown, never redirected."""
    given = read_parameters(pairs)
    if given.doubled or given.unreadable:
        raise InvalidRequest("a parameter is doubled or unreadable", f"{given.doubled} {given.unreadable}")
    wanted, state = given.get("post_logout_redirect_uri"), given.get("state")
    client_id = None if client is None else client.client_id
    if given.get("client_id") not in {None, client_id}:
        raise InvalidRequest("client_id is not the one of the id_token_hint")
    if wanted is None:
        return LogoutRequest(client_id, None, given.get("id_token_hint"))
    # Simple string comparison: anything looser makes the sign-out an open redirector (§3).
    if client is None or wanted not in client.post_logout_redirect_uris:
        raise InvalidRequest("post_logout_redirect_uri is not registered for this client", f"{wanted!r:.200}")
    return_to = wanted if state is None else with_parameters(wanted, {"state": state})
    return LogoutRequest(client_id, return_to, given.get("id_token_hint"))
