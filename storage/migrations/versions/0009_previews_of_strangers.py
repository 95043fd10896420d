"""What somebody unknown was offered is nobody's."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a preview have no owner."""
    with op.batch_alter_table("previews") as table:
        table.alter_column("person_id", existing_type=sa.String(length=10), nullable=True)


def downgrade() -> None:
    """Drop those that have none, within an hour of their end anyway."""
    op.execute("DELETE FROM previews WHERE person_id IS NULL")
    with op.batch_alter_table("previews") as table:
        table.alter_column("person_id", existing_type=sa.String(length=10), nullable=False)
