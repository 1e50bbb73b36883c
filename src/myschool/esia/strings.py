"""The strings under the signatures: parts set one after another, UTF-8, nothing between them.

Sources behind each order: `docs/esia-dialect.md`, rows «signed string».
"""


def authorize_string(
    client_id: str, scope: str, timestamp: str, state: str, redirect_uri: str, scope_org: str = ""
) -> str:
    """v2 `/aas/oauth2/v2/ac`."""
    return client_id + scope + scope_org + timestamp + state + redirect_uri


def token_string(
    client_id: str, scope: str, timestamp: str, state: str, redirect_uri: str, code: str, scope_org: str = ""
) -> str:
    """v3 `/aas/oauth2/v3/te`, `grant_type=authorization_code`."""
    return authorize_string(client_id, scope, timestamp, state, redirect_uri, scope_org) + code


def refresh_string(
    client_id: str, scope: str, timestamp: str, state: str, redirect_uri: str, scope_org: str = ""
) -> str:
    """v3 `grant_type=refresh_token`, variant a: the string of the authorization."""
    return authorize_string(client_id, scope, timestamp, state, redirect_uri, scope_org)


def refresh_string_with_token(client_id: str, scope: str, timestamp: str, state: str, refresh_token: str) -> str:
    """v3 `grant_type=refresh_token`, variant b, which one client uses; taken only where a system's switch allows it."""
    return client_id + scope + timestamp + state + refresh_token


def first_generation_string(client_id: str, scope: str, timestamp: str, state: str) -> str:
    """v1, authorization and token alike: the client comes third."""
    return scope + timestamp + client_id + state
