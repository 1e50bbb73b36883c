"""The two documents a standard client reads first (OIDC Discovery §3, RFC 8414, RFC 7517)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from myschool.oidc.keys import Algorithm, KeySet
from myschool.oidc.pkce import METHOD
from myschool.oidc.registration import ClientAuthentication

WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Absolute URLs. `issuer` has neither query nor fragment, and is compared as text."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    jwks: str
    end_session: str | None = None


def discovery_document(
    endpoints: Endpoints,
    scopes: Sequence[str],
    claims: Sequence[str],
    algorithms: Sequence[Algorithm] = tuple(Algorithm),
) -> bytes:
    """JSON to be served under `issuer + WELL_KNOWN`; promises nothing that is not kept."""
    document: dict[str, Any] = {
        "issuer": endpoints.issuer,
        "authorization_endpoint": endpoints.authorization,
        "token_endpoint": endpoints.token,
        "userinfo_endpoint": endpoints.userinfo,
        "jwks_uri": endpoints.jwks,
        "scopes_supported": list(scopes),
        "claims_supported": list(claims),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [algorithm.value for algorithm in algorithms],
        "token_endpoint_auth_methods_supported": [method.value for method in ClientAuthentication],
        "token_endpoint_auth_signing_alg_values_supported": [algorithm.value for algorithm in Algorithm],
        "code_challenge_methods_supported": [METHOD],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
    if endpoints.end_session is not None:
        document["end_session_endpoint"] = endpoints.end_session
    return msgspec.json.encode(document)


def jwks_document(keys: KeySet) -> bytes:
    """JSON of the public keys: compose once per rotation, not per request."""
    return msgspec.json.encode(keys.as_jwks())


class ProviderMetadata(msgspec.Struct, frozen=True):
    """What a client needs of a provider's discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    authorization_response_iss_parameter_supported: bool = False


def read_discovery_document(content: bytes, issuer: str) -> ProviderMetadata:
    """Raises `ValueError` when unreadable or when it speaks for another issuer (OIDC Discovery §4.3)."""
    try:
        metadata = msgspec.json.decode(content, type=ProviderMetadata)
    except msgspec.DecodeError as error:
        raise ValueError("not a discovery document") from error
    if metadata.issuer != issuer:
        raise ValueError(f"the document speaks for {metadata.issuer!r:.120}, not for {issuer!r:.120}")
    return metadata
