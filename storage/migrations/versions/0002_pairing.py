"""Pairing codes, and what each joining of two persons moved."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "pairings",
        sa.Column("person_id", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_pairings_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_pairings")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_pairings_fingerprint")),
    )
    op.create_table(
        "joins",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_joins_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joins")),
    )
    op.create_index(op.f("ix_joins_person_id"), "joins", ["person_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_joins_person_id"), table_name="joins")
    op.drop_table("joins")
    op.drop_table("pairings")
