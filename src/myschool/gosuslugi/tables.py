"""The tables of this house. Each slice defines its own in its `store`; foreign keys point down, by name."""

from myschool.kit.db import new_metadata

metadata = new_metadata()
