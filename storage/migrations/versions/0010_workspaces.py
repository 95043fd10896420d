"""Workspaces that the app is installed in by OAuth, and those that put it out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "installations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("enterprise", sa.String(length=64), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("app", sa.String(length=64), nullable=False),
        sa.Column("bot_user", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=1000), nullable=False),
        sa.Column("installed_by", sa.String(length=64), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=16), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
    )
    op.create_index(op.f("ix_installations_expires_at"), "installations", ["expires_at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("enterprise", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_enterprise"), "memberships", ["enterprise"], unique=False)
    op.create_table(
        "departures",
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_departures")),
    )
    op.create_index(op.f("ix_departures_at"), "departures", ["at"], unique=False)
    op.create_table(
        "installing",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_installing")),
    )
    op.create_index(op.f("ix_installing_expires_at"), "installing", ["expires_at"], unique=False)


def downgrade() -> None:
    """Drop them; the app then has to be installed again."""
    for table, column in (
        ("installing", "expires_at"),
        ("departures", "at"),
        ("memberships", "enterprise"),
        ("installations", "expires_at"),
    ):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        op.drop_table(table)
