"""HOUSE 1: the cabinet people use, and the identity provider.

people → checks → signin → family → grants → provider → centre: each slice knows only those before it.
"""
