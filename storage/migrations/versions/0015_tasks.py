"""What operators set going and goes on by itself, messages that go after others, and indexes to find by."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEXES = (
    ("codes", ["created_at", "favourite", "kind", "space", "person_id"]),
    ("people", ["created_at"]),
    ("drafts", ["expires_at"]),
    ("readings", ["expires_at"]),
    ("pairings", ["expires_at"]),
    ("deliveries", ["state", "lane", "bulk", "sequence"]),
    ("deliveries", ["state", "bulk", "due_at", "id"]),
    ("deliveries", ["state", "finished_at"]),
    ("requests", ["state", "finished_at"]),
)


def _name(table: str, columns: list[str]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")


def upgrade() -> None:
    """Make them; what is to be sent by now goes as it did."""
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=160), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("going", sa.String(length=32), nullable=True),
        sa.Column("at", sa.String(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("going", name=op.f("uq_tasks_going")),
    )
    op.create_index(op.f("ix_tasks_word_created_at"), "tasks", ["word", "created_at"], unique=False)
    op.create_table(
        "faults",
        sa.Column("task_id", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_faults_task_id_tasks")),
        sa.PrimaryKeyConstraint("task_id", "about", name=op.f("pk_faults")),
    )
    op.add_column("deliveries", sa.Column("bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index(op.f("ix_deliveries_state_lane_sequence"), table_name="deliveries")
    for table, columns in INDEXES:
        op.create_index(_name(table, columns), table, columns, unique=False)


def downgrade() -> None:
    """Drop them: what was going on ends where it is."""
    for table, columns in reversed(INDEXES):
        op.drop_index(_name(table, columns), table_name=table)
    op.create_index(
        op.f("ix_deliveries_state_lane_sequence"), "deliveries", ["state", "lane", "sequence"], unique=False
    )
    op.drop_column("deliveries", "bulk")
    op.drop_table("faults")
    op.drop_index(op.f("ix_tasks_word_created_at"), table_name="tasks")
    op.drop_table("tasks")
