"""What people and machines do with the directory: bring a register in, undo that, search, look at one school, connect
it.
"""

from myschool.portal.schools.actions.bring import (
    Counts,
    ImportReport,
    Options,
    Progress,
    TooManyVanish,
    bring_in,
    bring_in_shipped,
    publish_index,
)
from myschool.portal.schools.actions.look import connect, disconnect, look_at, look_at_many, search
from myschool.portal.schools.actions.undo import NothingToUndo, undo_last_import
from myschool.portal.schools.directory import Directory
from myschool.portal.schools.regions import REGIONS

__all__ = [
    "REGIONS",
    "Counts",
    "Directory",
    "ImportReport",
    "NothingToUndo",
    "Options",
    "Progress",
    "TooManyVanish",
    "bring_in",
    "bring_in_shipped",
    "connect",
    "disconnect",
    "look_at",
    "look_at_many",
    "publish_index",
    "search",
    "undo_last_import",
]
