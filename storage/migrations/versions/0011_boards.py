"""Pages of people's own that a platform keeps open: what each shows, and whether that is up to date."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "boards",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("kit", sa.String(length=160), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", name=op.f("pk_boards")),
    )
    op.create_index(op.f("ix_boards_kit"), "boards", ["kit"], unique=False)
    op.create_index(op.f("ix_boards_due_at"), "boards", ["due_at"], unique=False)
    op.create_index(op.f("ix_boards_opened_at"), "boards", ["opened_at"], unique=False)


def downgrade() -> None:
    """Drop them: each is made again when it is opened."""
    op.drop_index(op.f("ix_boards_opened_at"), table_name="boards")
    op.drop_index(op.f("ix_boards_due_at"), table_name="boards")
    op.drop_index(op.f("ix_boards_kit"), table_name="boards")
    op.drop_table("boards")
