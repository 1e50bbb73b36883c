"""How a citizen gets in: registration, password, code, devices, recovery; how passport and СНИЛС reach the registers.

Whoever is signed in is told by `actions.citizen(visit)`. Slices above use `actions.codes` (six digits by letter or SMS)
and `actions.secrets` (the password of an account); hashing itself is `passwords.Passwords`, outside any transaction.
"""
