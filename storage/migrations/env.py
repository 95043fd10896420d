"""Alembic's door: runs the revisions on the connection that ``storage.migrate`` hands over."""

from alembic import context

from storage.migrate import ours
from storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=ours,
)
with context.begin_transaction():
    context.run_migrations()
