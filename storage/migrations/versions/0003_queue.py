"""The tables of pgqueuer, the engine that runs deliveries, on PostgreSQL; beside SQLite it works in memory.

The engine's own statements make them. A release of it that changes them wants a revision of ours that runs
its upgrade, which is empty where they are new already.
"""

from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    _run(QueryBuilderEnvironment().build_install_query())


def downgrade() -> None:
    """Drop them."""
    _run(QueryBuilderEnvironment().build_uninstall_query())


def _run(statements: str) -> None:
    """Run a script as it is: the driver takes several statements at once only past SQLAlchemy."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    driver = connection.connection.dbapi_connection
    assert driver is not None  # the connection is open
    driver.run_async(lambda asyncpg: asyncpg.execute(statements))
