"""What inline queries were answered with, for an hour; pictures that a platform already has."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
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
    op.create_table(
        "file_ids",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=256), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_file_ids")),
    )
    op.create_index(op.f("ix_file_ids_kept_at"), "file_ids", ["kept_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_file_ids_kept_at"), table_name="file_ids")
    op.drop_table("file_ids")
    op.drop_index(op.f("ix_previews_expires_at"), table_name="previews")
    op.drop_index(op.f("ix_previews_person_id"), table_name="previews")
    op.drop_table("previews")
