"""The tables of the registers: a schema of their own, since the real ones are somebody else's too."""

from myschool.kit.db import new_metadata

metadata = new_metadata()
