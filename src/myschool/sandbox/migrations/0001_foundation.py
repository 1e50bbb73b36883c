"""The foundation."""

from alembic import op

import myschool.sandbox.app
import myschool.kit.journal
import myschool.kit.keyring
import myschool.kit.letters
import myschool.kit.throttle
from myschool.sandbox.tables import metadata
from myschool.kit.tables import metadata as ground

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    ground.create_all(op.get_bind())
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
    ground.drop_all(op.get_bind())
