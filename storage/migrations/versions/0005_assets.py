"""Pictures that styles name: logos and backdrops."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "assets",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.String(length=160), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
    )
    op.create_index(op.f("ix_assets_owner"), "assets", ["owner"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_assets_owner"), table_name="assets")
    op.drop_table("assets")
