"""Accounts with what they hand out, answers that are repeated, work that takes long, and kits with names."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FINGERPRINT = sa.String(length=64)
_DROPPED = (
    ("jobs", ("created_at", "asker")),
    ("answers", ("at", "asker")),
    ("tries", ("until",)),
    ("resets", ("expires_at",)),
    ("invites", ("expires_at",)),
    ("api_keys", ("expires_at", "user_id")),
    ("sessions", ("expires_at", "user_id")),
    ("users", ("created_at_id",)),
)


def upgrade() -> None:
    """Make them."""
    _accounts()
    _codes()
    op.create_table(
        "answers",
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", FINGERPRINT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_answers")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    for table, columns in _DROPPED:
        for column in columns:
            parts = ["created_at", "id"] if column == "created_at_id" else [column]
            op.create_index(op.f(f"ix_{table}_{column}"), table, parts, unique=False)
    op.add_column("kits", sa.Column("name", sa.LargeBinary(), nullable=True))


def _accounts() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", FINGERPRINT, nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_index", name=op.f("uq_users_email_index")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("fingerprint", FINGERPRINT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", FINGERPRINT, nullable=False),
        sa.Column("start", sa.String(length=16), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_api_keys_fingerprint")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id_users")),
    )


def _codes() -> None:
    op.create_table(
        "invites",
        sa.Column("fingerprint", FINGERPRINT, nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_invites")),
    )
    op.create_table(
        "resets",
        sa.Column("user_id", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", FINGERPRINT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_resets")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_resets_user_id_users")),
    )
    op.create_table(
        "tries",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tries")),
    )


def downgrade() -> None:
    """Drop them; kits that are somebody's own go too."""
    op.execute("DELETE FROM assets WHERE owner LIKE 'kit:%'")
    op.execute("DELETE FROM kits WHERE space LIKE 'kit:%'")
    op.drop_column("kits", "name")
    for table, columns in _DROPPED:
        for column in columns:
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        op.drop_table(table)
