"""Messages as other people's programs put them on the wire, each with its source; signatures by OpenSSL.

The values are invented, the shapes are not. The private key was thrown away: nothing here can be signed again by us, so
what verifies was made by cryptography that is not ours (`openssl req`, `openssl dgst -sha256 -sign`).
"""

CERTIFICATE = (
    "MIIDBzCCAe+gAwIBAgIUUDYk8Ye0ZUmgL5k/AQgvFbGgneMwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIVEVTVElTMDEwHhcN"
    "MjYxMTIzMTc0OTQ1WhcNNDYxMTE4MTc0OTQ1WjATMREwDwYDVQQDDAhURVNUSVMwMTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC"
    "AQoCggEBALKiA5aKrHMhpLbXx4kk4twAXYOfc2Qunw0ynieNX2ohu8gCHFNVjrA/tFQLxEOBV0Mln5xGEENEfvGbaz1CQfmUkFu9"
    "Wf160ivQzb4HHWfIwFXJmF3KzQQj7IqEXFVPGnzAZgU1bYIaoClgoS+pdOdjiOz7Q1E7mKrYAhMW9my/rj1A82FgXREG8L6hHDj2"
    "CMbQt1fwAKV9MIpYH9QvrTBmkeeiDUj5SaOPuZ12V10RgrYuhRH1/EGAiDy65H43ps7oFC1dCA6VwU1ZwrJRvT6dzq0njZpruRna"
    "oR2nDfDxEo7TepmSv3R6KfeAEIs8umY/E4CMM5ZQxE3ZxIIj31kCAwEAAaNTMFEwHQYDVR0OBBYEFKSph2JHUcfkNxw+98y+oq5R"
    "0I72MB8GA1UdIwQYMBaAFKSph2JHUcfkNxw+98y+oq5R0I72MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBAA/E"
    "OkEnQETmh+DPMe4IGgDza/n7rmIEFAzK1q9pJnYoEONBhl8Yx4Qcvl+exFMUbf/M8VeKpX27MxY8h5xX+IJGuPzYMWX0cwxRXMhs"
    "ij1l+LHUY0OKjX8NGM6ntHq234meMh6hni+KjHWM4+WbwawnuMLzYcK3tCOkGd2x+icYPgX5Vbd+qJoji+c4nxkFf8J6LrjXqQWZ"
    "B53vDlmaS+pCyOk/f5n7oeVxxz34PdQWf0G6Z6p3mHT74qzKewbvtG02rnHQNCgkIwv2o2OQwnYpJkl+6ZHYsR7yWCN4pa0SAjL2"
    "dNwPGjOFB7L5V5T941TFoepB3WWsyYomf5Z9XwE="
)
CERTIFICATE_HASH = "E1C26269618F6C18523F577E62FACC9282227AAB283017639D9B1A846FB92177"
PHP_AUTHORIZE_SECRET = (
    "QwYXi_bf9y1mVOByc7PE15t0IT9uT32xxjHMw1DykvhSYR3czng_5YJgqo1BvKsz_L5BC6EZRxUJ7K4uKKqhG0DaF8xbr2CE6D5U"
    "g1xQLwytsqWpQa5QJ35fNz-B0OT8gVT9H7JDvJNyfDD19sMexMRY3isDqO8qJaBRjb5WCW9EwTWeNp-"
    "LiAeSinU69eKPR13ZkXXV-aAfXaS9Ck5dyXvlYRpvGExOHtt8imB6PdTcVpYbSVkgi38GCzibgYODY9xqVQtzoX10RcPYvTZRM9b"
    "3pJWV4d6TKUAkmAPYLLNOD7ALflAbh_mgFgaOuvjirIrpljDHhS9z3v8arA0Xkg"
)
PHP_TOKEN_SECRET = (
    "cgt_kbLqquqQN6zcK5te_VR9YhnjT6Sz7CES6eehPzV46hE7i7ayzFWohcNRXoGd4bfegWX59YbUhbTMmZOeeTzPcy6IhaZwYRBo"
    "GEsT3cvWpd_yyYUyW2PXTvXwCs0eUZujGscanD3MukPJOLE3VWFyfVondu7YqKzg6OXePrF0a39EC9h7ibBsgcOkq3I6q4PRKZzh"
    "JJRLWJGAfT2JUIzcS9zoWk3BEH1doFdtMEtyjcoRE1BWxfpNa1meAdySnTfo8Xcvsf68-"
    "b9h7jYmtxd9UqRMbOqO4_C1jvo0uLG401VeSBAiByVLX44rfsOVLdG_wDOFQ9pgxRiJTosL3w"
)
GO_AUTHORIZE_SECRET = (
    "NlYv3MAcInjEIDTmU2ICVlFT1PTqZUXAQQ4hUU2eZTjhQCkBp3uK1G7mvpAW9bQsJHnIszVY_KmeDjYLTkaOEMm3FK3z3mtjnBDn"
    "Iawc7VbwnFD5ZF0vxoF6wMwqUSsC6gkimxb6AOeCA9CqlzOZJsZDJgc763QkfbJ_DA4dIkdfn-"
    "8jAREf7K1vCstQiQBKssCeOzRILnx2GoquB5EUbN6uePVuD419ztvFfzV6v59h-"
    "O2h4BKiD3xbSUSdw5e3YmsI2jUNPKVgL8dpYK_keksn3JLY_ocZpXQex4OUPXKRzYlb7liCc5wEL-"
    "QFeTBWAeHLoPjLY87_I8_fLtzvyg=="
)
GO_TOKEN_SECRET = (
    "ZZnY2dnUM_ncr5dwZl-igdh_ZWGbOCJep4InMPEVuzJEMm0K9R4DBqqzbPv9fkdekScmOC5sTf2_iQ0BWHFU1eEom78g3nzK_s1-"
    "CaskLmxhnTRt2bdHBuZPAAj7cb95hCI6pB0w_LxlD7KX4DaoYS9TFAUDe6gGqASNsWhFXpHBmEHwWD8sVspetgZc-"
    "L2yE6C_FNOJWDm3luOV5K82lLp_-EfW9a2SEG7PteT1YVxPAVjqx9p8Fu3i6zaEHbtELdzX8AgDguBnntZI7w-"
    "lxggP6ANjgOnDyWlSeet33DNYrDsPbojKeJupO3p_MuVlrDQ22HXYy9kvd3YlQDL1lQ=="
)
PHP_ORGANISATION_SECRET = (
    "Sk17SdFltoXQNd0a8WaDXy2lj2k4vOq34ep0AJiiC2OyizHfiCdHYVi-YMMSw_GoCH3kcGfMTHSwR2yDkh7L6rqy_9SNQcNdEx6K"
    "J2rUU14kb-"
    "6KQbVSTw7xFzNWHMoNmQ3TsYoVfzqFLAFwSnm6r7ko3IB14bYDjFqpnEmxMQeocX90kZcA84ucy08vW8WO76LOrKsDYgC53Gm1HY"
    "K_xwYzK0gNZ3eyxUGCCrhmNlWTvplNoZO3bJawdRlSEdXE8xN0cPtQvWhU1KTF_vFnZ3CU0QDnupTho9HMGDKNHspAibjLDQqDWB"
    "I1P1Dxg_pVsm8MxnCnXYd1pb5eAo-s2g"
)

AT = "2026-12-01T06:00:30+00:00"
CODE = "eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.c2ln"

# Source: ilimurzin/esia, `Esia::buildUrl`: client_id + scope + scope_org + timestamp + state + redirect_uri;
# scope_org is always sent, empty when there is none; no padding; no code_challenge; access_type offline.
PHP_AUTHORIZE = {
    "client_id": "TESTIS01",
    "client_certificate_hash": CERTIFICATE_HASH,
    "client_secret": PHP_AUTHORIZE_SECRET,
    "redirect_uri": "https://client.example/esia/callback",
    "scope": "openid fullname email",
    "scope_org": "",
    "response_type": "code",
    "state": "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9",
    "access_type": "offline",
    "timestamp": "2026.12.01 09:00:00 +0300",
}

# Source: ilimurzin/esia, `Config::$organizationScopes` in `Esia::buildUrl`: they stand between scope and timestamp.
PHP_ORGANISATION = {
    **PHP_AUTHORIZE,
    "scope_org": "org_ogrn org_type",
    "client_secret": PHP_ORGANISATION_SECRET,
}

# Source: ilimurzin/esia, `Esia::getToken`: the same string with the code at its end.
PHP_TOKEN = {
    "client_id": "TESTIS01",
    "code": CODE,
    "grant_type": "authorization_code",
    "client_certificate_hash": CERTIFICATE_HASH,
    "client_secret": PHP_TOKEN_SECRET,
    "state": "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9",
    "redirect_uri": "https://client.example/esia/callback",
    "scope": "openid fullname email",
    "scope_org": "",
    "timestamp": "2026.12.01 09:00:00 +0300",
    "token_type": "Bearer",
}

# Source: ofstudio/go-api-epgu, `esia/aas`, `Client.AuthURI`: no scope_org at all; UTC with +0000; base64url *with*
# padding; `permissions` beside the signed parameters.
GO_AUTHORIZE = {
    "access_type": "online",
    "client_certificate_hash": CERTIFICATE_HASH,
    "client_id": "TESTIS01",
    "client_secret": GO_AUTHORIZE_SECRET,
    "permissions": "W10=",
    "redirect_uri": "https://client.example/callback",
    "response_type": "code",
    "scope": "openid",
    "state": "7c6b5a49-3827-4615-a4f3-e2d1c0bfae9d",
    "timestamp": "2026.12.01 06:00:00 +0000",
}

# Source: ofstudio/go-api-epgu, `esia/aas`, `Client.TokenExchange`.
GO_TOKEN = {
    "client_certificate_hash": CERTIFICATE_HASH,
    "client_id": "TESTIS01",
    "client_secret": GO_TOKEN_SECRET,
    "code": CODE,
    "grant_type": "authorization_code",
    "redirect_uri": "https://client.example/callback",
    "scope": "openid",
    "state": "7c6b5a49-3827-4615-a4f3-e2d1c0bfae9d",
    "timestamp": "2026.12.01 06:00:00 +0000",
    "token_type": "Bearer",
}

# Source: ilimurzin/esia, `EsiaTest::testBuildUrl`: person_filter is base64 of the word.
PHP_PERSON_FILTER = "Y29uZl9hY2M="

# Source: ekapusta/oauth2-esia, `EsiaProvider::withClientSecret`, and AISGorod, `EsiaEvents`: scope, timestamp,
# client, state.
FIRST_GENERATION_STRING = "openid fullname2026.12.01 09:00:00 +0300TESTIS010f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"

# Source: ekapusta/oauth2-esia, `tests/Fixtures/expired.token.txt` (a token of production): order of the members,
# escaped slashes, http issuer, scopes with oid, `openid` without.
ACCESS_HEADER = rb'{"ver":1,"typ":"JWT","sbt":"access","alg":"RS256"}'
ACCESS_CLAIMS = (
    rb'{"nbf":1796104800,"scope":"fullname?oid=1000000001 openid","iss":"http:\/\/esia.example\/",'
    rb'"urn:esia:sid":"5555555555555555555555555555555555555555555555555555555555555555",'
    rb'"urn:esia:sbj_id":1000000001,"exp":1796108400,"iat":1796104800,"client_id":"TESTIS01"}'
)

# Source: ilimurzin/esia, `EsiaTest::buildTokenResponse`, read by `Token::fromResponseBody`.
TOKEN_ANSWER = (
    b'{"access_token":"a.b.c","refresh_token":"587253d9-21ae-4f32-b20e-d0542c99e09d",'
    b'"state":"0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9","token_type":"Bearer","expires_in":3600}'
)

# Source: ofstudio/go-api-epgu, `esia/aas`, `errors.go` and `client_test.go`: redirect and HTTP 400.
MISSING_PARAMETER = "ESIA-007014: The request doesn`t contain the mandatory parameter [client_certificate_hash]."
REFUSAL_ANSWER = (
    '{"error":"access_denied","error_description":"ESIA-007004: Владелец ресурса или сервис авторизации '
    'отклонил запрос","state":"0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"}'
).encode()

# Source: ekapusta/oauth2-esia, `EsiaProviderUnitTest::testPersonGeneralInfoRequested`: one document embedded,
# fields that nobody told us of (`rfgUOperatorCheck`), eTag at the end.
PERSON_ANSWER = (
    '{"stateFacts":["EntityRoot"],"firstName":"Лада","lastName":"Соколова","middleName":"Ивановна","trusted":true,'
    '"citizenship":"RUS","snils":"000-000-600 15","inn":"000000000000","updatedOn":1764854668,"documents":{'
    '"stateFacts":["hasSize"],"size":1,"eTag":"0000000000000000000000000000000000000001","elements":[{'
    '"stateFacts":["EntityRoot"],"id":1,"type":"RF_PASSPORT","vrfStu":"VERIFIED","series":"0000","number":"000001",'
    '"issueDate":"03.12.2025","issueId":"000001","issuedBy":"ОТДЕЛ ПЕСОЧНИЦЫ",'
    '"eTag":"0000000000000000000000000000000000000002"}]},"rfgUOperatorCheck":false,"status":"REGISTERED",'
    '"verifying":false,"rIdDoc":1,"containsUpCfmCode":false,"kidAccCreatedByParent":false,'
    '"eTag":"0000000000000000000000000000000000000003"}'
).encode()

# Source: the same shape of links in three Java clients, whose comments quote an answer of the test stand.
CONTACT_LINKS = (
    b'{"stateFacts":["hasSize"],"size":1,"eTag":"0000000000000000000000000000000000000004",'
    b'"elements":["https://esia.example/rs/prns/1000000001/ctts/14434265"]}'
)

# Source: ilimurzin/esia, `OpenIdTest::testGetRoles`.
ROLES_ANSWER = (
    '{"stateFacts":["hasSize"],"size":1,"elements":[{"oid":1000000002,"prnOid":1000000001,"fullName":"Школа песочницы",'
    '"shortName":"Школа","ogrn":"0000000000000","type":"LEGAL","chief":true,"admin":false,"active":true,'
    '"hasRightOfSubstitution":true,"hasApprovalTabAccess":false,"isLiquidated":false}]}'
).encode()
