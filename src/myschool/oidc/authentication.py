"""The client proves itself at the token endpoint: by a secret or a signed assertion (RFC 6749 §2.3, RFC 7523)."""

from base64 import b64decode
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote_plus

from myschool.oidc.errors import InvalidClient, InvalidRequest, ProtocolError, TokenRefused
from myschool.oidc.keys import verify_signature
from myschool.oidc.parameters import Parameters
from myschool.oidc.registration import ClientAuthentication, RegisteredClient

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION_LIFE = timedelta(minutes=10)
SKEW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class ClientClaim:
    """Who says to be the client, and by what proof. Nothing is believed yet."""

    client_id: str
    method: ClientAuthentication
    proof: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AuthenticatedClient:
    """The receipt. `assertion_id` must be used once by the caller until `assertion_expires_at` (RFC 7523 §3)."""

    client: RegisteredClient
    assertion_id: str | None = None
    assertion_expires_at: int | None = None


def read_client_claim(given: Parameters, authorization: str | None) -> ClientClaim:
    """`authorization` is the header's value. Raises `InvalidClient`, or `InvalidRequest` for more than one method."""
    scheme, _, credentials = (authorization or "").partition(" ")
    basic = scheme.lower() == "basic"
    ways = [basic, "client_secret" in given, "client_assertion" in given]
    if ways.count(True) > 1:
        raise InvalidRequest("more than one method of client authentication")  # RFC 6749 §2.3
    if basic:
        return _basic(credentials, given)
    client_id = given.get("client_id")
    if "client_secret" in given and client_id is not None:
        return ClientClaim(client_id, ClientAuthentication.CLIENT_SECRET_POST, given.values["client_secret"])
    if "client_assertion" in given and client_id is not None:
        if given.get("client_assertion_type") != ASSERTION_TYPE:
            raise InvalidClient("client_assertion_type is not supported")
        return ClientClaim(client_id, ClientAuthentication.PRIVATE_KEY_JWT, given.values["client_assertion"])
    raise InvalidClient("client authentication is required")


def _basic(credentials: str, given: Parameters) -> ClientClaim:
    try:
        text = b64decode(credentials.strip(), validate=True).decode()
    except ValueError as error:  # bad base64, letters outside ASCII, broken UTF-8
        raise InvalidClient("the Authorization header cannot be read") from error
    name, separator, secret = text.partition(":")
    client_id = unquote_plus(name)
    if not separator or given.get("client_id") not in {None, client_id}:
        raise InvalidClient("the Authorization header cannot be read", "no colon, or another client_id in the form")
    return ClientClaim(client_id, ClientAuthentication.CLIENT_SECRET_BASIC, unquote_plus(secret))


def authenticate(
    claim: ClientClaim, client: RegisteredClient | None, audiences: Collection[str], now: datetime
) -> AuthenticatedClient:
    """`audiences`: token endpoint and issuer. Raises `InvalidClient`, the same words for every cause."""
    if client is None or client.client_id != claim.client_id:
        raise _refused(f"client_id {claim.client_id!r:.80} is not registered")
    if claim.method is ClientAuthentication.PRIVATE_KEY_JWT:
        return _by_assertion(claim, client, audiences, now)
    if client.authentication is not claim.method:
        raise _refused(f"registered for {client.authentication}, came with {claim.method}")
    if not client.secret_fits(claim.proof):
        raise _refused("wrong secret")
    return AuthenticatedClient(client)


def _by_assertion(
    claim: ClientClaim, client: RegisteredClient, audiences: Collection[str], now: datetime
) -> AuthenticatedClient:
    if client.authentication is not ClientAuthentication.PRIVATE_KEY_JWT or client.keys is None:
        raise _refused("not registered for private_key_jwt")
    try:
        claims = verify_signature(claim.proof, client.keys).claims
    except TokenRefused as error:
        raise _refused(f"assertion: {error}") from error
    expires_at, jti, audience = claims.get("exp"), claims.get("jti"), claims.get("aud")
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        raise _refused("assertion: iss and sub must be the client_id")
    if not _names_one_of(audience, audiences):
        raise _refused(f"assertion: for another audience {audience!r:.120}")
    if not isinstance(expires_at, int) or not _in_time(expires_at, now):
        raise _refused(f"assertion: exp {expires_at!r:.40} is past or too far")
    if not isinstance(jti, str) or not 8 <= len(jti) <= 128:
        raise _refused("assertion: no usable jti")
    return AuthenticatedClient(client, jti, expires_at)


def _names_one_of(audience: object, audiences: Collection[str]) -> bool:
    named = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    return any(isinstance(name, str) and name in audiences for name in named)


def _in_time(expires_at: int, now: datetime) -> bool:
    left = expires_at - now.timestamp()
    return -SKEW.total_seconds() < left <= LONGEST_ASSERTION_LIFE.total_seconds()


def _refused(reason: str) -> ProtocolError:
    return InvalidClient("client authentication failed", reason)
