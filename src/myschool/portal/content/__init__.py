"""ЦОК: free access to learning platforms, from the catalogue's tile to the lesson, one click apart.

model     LearningPlatform, Entitlement and its moves, `evaluate` (who may, and what opens it), Launch, LedgerEntry
store     the catalogue, entitlements, launches, the ledger, redeemed codes, secrets
keys      the key that signs for platforms, the salt of pseudonyms, the key of codes
actions   register, grant, activate, withdraw, launch; redeem a code and open data, both judged anew
pages     catalogue, a platform's page, «Кто получил данные»; `provider` and `api` speak OpenID Connect
reactions what happens when a membership or a consent changed

Here the portal is the OpenID Provider and the platform the client: docs/decisions/0012-launch.md.
"""
