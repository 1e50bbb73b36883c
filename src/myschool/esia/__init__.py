"""ESIA's dialect on top of `oidc`, spoken purely: signing, signed strings, requests, codes, tokens, records, errors.

What the system of a client does, in order: `requests` composes, `client` sends nothing but says what to send and judges
what came back, `tokens` verifies. What the provider does: `authorize` and `token_request` judge by tables of steps,
`codes` and `tokens` write, `records` shows of a person only what the scopes allow, `diagnosis` tells the developer's
console why a request was refused. Every line of the dialect stands with its source in `docs/esia-dialect.md`.
"""
