"""What inline queries were answered with, for an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "previews",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.String(length=10), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_previews_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_previews")),
    )
    op.create_index(op.f("ix_previews_person_id"), "previews", ["person_id"], unique=False)
    op.create_index(op.f("ix_previews_expires_at"), "previews", ["expires_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_previews_expires_at"), table_name="previews")
    op.drop_index(op.f("ix_previews_person_id"), table_name="previews")
    op.drop_table("previews")
