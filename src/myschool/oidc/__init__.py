"""OAuth 2 and OpenID Connect spoken purely: values in, values out; no server, no SQL, and time is a parameter.

The story of one sign-in, in reading order: `parameters` reads what came, `authorization` judges the request, `codes`
makes the code, `authentication` and `exchange` judge the token request, `tokens` writes the tokens. The other end:
`client` composes and judges, `verification` turns an `UnverifiedToken` into `VerifiedClaims`. Beside them `keys`,
`pkce`, `pairwise`, `discovery`, `initiation` and `errors`.
"""
