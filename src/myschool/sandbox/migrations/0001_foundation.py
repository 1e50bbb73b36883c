"""The foundation."""

from importlib import import_module
from pkgutil import walk_packages

from alembic import op

import myschool.sandbox

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for module in walk_packages(myschool.sandbox.__path__, "myschool.sandbox."):
        if ".store" in module.name:
            import_module(module.name)
    for name in ("myschool.kit.schema", "myschool.sandbox.tables"):
        import_module(name).metadata.create_all(op.get_bind())


def downgrade() -> None:
    pass
