"""What people and machines do with the directory: bring a register in, undo that, search, look at one school, connect
it.
"""

from myschool.portal.schools.actions.ask import A_DAY, may_ask, may_tell_missing
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
from myschool.portal.schools.actions.missing import PAGE as MISSING_PAGE
from myschool.portal.schools.actions.missing import (
    Described,
    answer_missing,
    look_at_missing,
    missing_by_press,
    missing_counts,
    missing_page,
    tell_missing,
)
from myschool.portal.schools.actions.undo import NothingToUndo, undo_last_import
from myschool.portal.schools.directory import Directory
from myschool.portal.schools.regions import REGIONS

__all__ = [
    "A_DAY",
    "MISSING_PAGE",
    "REGIONS",
    "Counts",
    "Described",
    "Directory",
    "ImportReport",
    "NothingToUndo",
    "Options",
    "Progress",
    "TooManyVanish",
    "answer_missing",
    "bring_in",
    "bring_in_shipped",
    "connect",
    "disconnect",
    "look_at",
    "look_at_many",
    "look_at_missing",
    "may_ask",
    "may_tell_missing",
    "missing_by_press",
    "missing_counts",
    "missing_page",
    "publish_index",
    "search",
    "tell_missing",
    "undo_last_import",
]
