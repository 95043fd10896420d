"""Spaces that nothing can be sent to, and how far something that goes on for ever has come."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "closures",
        sa.Column("space", sa.String(length=160), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("space", name=op.f("pk_closures")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("value", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("marks")
    op.drop_table("closures")
