"""The ground's own tables. Each house has all of them once, in its own schema, beside its own metadata.

A module of the ground defines its tables on this metadata. It is complete once they are imported: see `kit.schema`.
"""

from sqlalchemy import MetaData

from myschool.kit.db import new_metadata

metadata: MetaData = new_metadata()
