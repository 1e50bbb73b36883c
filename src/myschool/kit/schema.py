"""All tables of the ground: importing this module imports every module that defines some.

A house creates and migrates `[metadata, its own metadata]` in its schema.
"""

from myschool.kit import agenda, journal, keyring, letters, throttle
from myschool.kit.tables import metadata
from myschool.kit.web import sessions

OWNERS = (agenda, journal, keyring, letters, sessions, throttle)

__all__ = ["OWNERS", "metadata"]
