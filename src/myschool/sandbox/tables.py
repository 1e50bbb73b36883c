"""The tables of the world outside: registries, mailbox, platforms."""

from myschool.kit.db import new_metadata

metadata = new_metadata()
