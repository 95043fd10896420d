"""What was sent: which of our messages shows what somebody's message was made into, and pictures uploaded."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    for name in ("said", "pressed"):
        op.add_column("deliveries", sa.Column(name, sa.String(length=32), nullable=False, server_default=""))
    op.create_table(
        "shown",
        sa.Column("space", sa.String(length=160), nullable=False),
        sa.Column("said", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=10), nullable=False),
        sa.Column("code_id", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("space", "said", name=op.f("pk_shown")),
    )
    op.create_index(op.f("ix_shown_person_id"), "shown", ["person_id"], unique=False)
    op.create_index(op.f("ix_shown_at"), "shown", ["at"], unique=False)
    op.create_table(
        "uploaded",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_uploaded")),
    )
    op.create_index(op.f("ix_uploaded_at"), "uploaded", ["at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_uploaded_at"), table_name="uploaded")
    op.drop_table("uploaded")
    op.drop_index(op.f("ix_shown_at"), table_name="shown")
    op.drop_index(op.f("ix_shown_person_id"), table_name="shown")
    op.drop_table("shown")
    for name in ("pressed", "said"):
        op.drop_column("deliveries", name)
