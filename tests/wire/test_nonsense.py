"""Whatever a stranger sends, the judges answer with a refusal of theirs and with no other exception."""

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myschool.esia.authorize import AuthorizeRequest, judge_authorize
from myschool.esia.authorize import Refused as EsiaAuthorizeRefused
from myschool.esia.diagnosis import Endpoint, diagnose
from myschool.esia.token_request import CodeGrant, RefreshGrant, judge_token_request
from myschool.esia.token_request import Refused as EsiaTokenRefused
from myschool.oidc.authorization import AuthorizationRequest, Refused, judge_authorization
from myschool.oidc.errors import InvalidToken, ProtocolError
from myschool.oidc.exchange import read_token_request
from myschool.oidc.keys import key_set
from myschool.oidc.tokens import verify_own_access_token
from tests.esia import parts as esia
from tests.oidc import parts as oidc

_value = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "a.b.c", "e30.e30.e30", "=" * 5, "2026.09.01 09:00:00 +0300", "none", "0" * 64, "\x00"]),
    st.binary(max_size=60).map(lambda raw: b64encode(raw).decode()),
)


def _some_changed(good: list[tuple[str, str]]) -> st.SearchStrategy[list[tuple[str, str]]]:
    """The good request with some values replaced, some names doubled, some dropped."""
    names = st.sampled_from([name for name, _ in good])
    changed = st.dictionaries(names, st.one_of(st.none(), _value), max_size=4)
    added = st.lists(st.tuples(names, _value), max_size=2)
    return st.builds(
        lambda change, more: [
            *((n, v) for n, v in ((n, change.get(n, v)) for n, v in good) if v is not None),
            *more,
        ],
        changed,
        added,
    )


@given(_some_changed(oidc.pairs()))
def test_an_authorization_of_any_shape_is_judged(pairs: list[tuple[str, str]]) -> None:
    """OpenID Connect."""
    assert isinstance(judge_authorization(pairs, oidc.CIFRA), AuthorizationRequest | Refused)


TOKEN_PAIRS = [("grant_type", "authorization_code"), ("code", "c"), ("client_id", "a"), ("client_secret", "b")]


@given(_some_changed(TOKEN_PAIRS), st.one_of(st.none(), _value.map("Basic {}".format), _value))
def test_a_token_request_of_any_shape_is_read(pairs: list[tuple[str, str]], header: str | None) -> None:
    """OpenID Connect."""
    with pytest.raises(ProtocolError) as caught:  # there is never a redirect_uri in it
        read_token_request(pairs, header)
    assert caught.value.code in {"invalid_request", "invalid_client", "unsupported_grant_type"}


@given(st.one_of(_value, st.text("eyJhbGciOi.0_-", max_size=80)))
def test_an_access_token_of_any_shape_is_refused(token: str) -> None:
    """OpenID Connect."""
    with pytest.raises(InvalidToken):
        verify_own_access_token(token, key_set([oidc.key()]), "i", "r", oidc.NOW)


@settings(deadline=None)
@given(_some_changed(esia.authorize_pairs()))
def test_an_esia_authorization_of_any_shape_is_judged_and_explained(pairs: list[tuple[str, str]]) -> None:
    """The provider answers, the console finds words or none."""
    judged = judge_authorize(pairs, esia.system(), esia.NOW)
    assert isinstance(judged, AuthorizeRequest | EsiaAuthorizeRefused)
    assert all(finding.text for finding in diagnose(pairs, esia.system(), Endpoint.AUTHORIZE, esia.NOW))


@settings(deadline=None)
@given(_some_changed(esia.token_pairs()))
def test_an_esia_token_request_of_any_shape_is_judged_and_explained(pairs: list[tuple[str, str]]) -> None:
    """The provider answers, the console finds words or none."""
    judged = judge_token_request(pairs, esia.system(), esia.SOON)
    assert isinstance(judged, CodeGrant | RefreshGrant | EsiaTokenRefused)
    assert all(finding.text for finding in diagnose(pairs, esia.system(), Endpoint.TOKEN, esia.SOON))
