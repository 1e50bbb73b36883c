"""HOUSE 2: «Моя школа».

schools → people → signin → consents → family → roll → joining → content: each slice knows only those before it.
"""
