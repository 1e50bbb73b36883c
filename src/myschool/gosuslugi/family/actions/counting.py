"""Guardianships in numbers, for who keeps the house running."""

from myschool.gosuslugi.family.store.counting import GuardianshipCount, by_state

__all__ = ["GuardianshipCount", "by_state"]
