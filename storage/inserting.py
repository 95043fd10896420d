"""Inserting where a row may be there already: both databases can, each in a dialect of its own."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = postgresql.Insert | sqlite.Insert


def inserting(dialect: str, table: Table) -> Insert:
    """Begin a statement that can say what to do ``on_conflict``, by the dialect's name."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_on(connection: AsyncConnection, table: Table) -> Insert:
    """Begin such a statement for a connection."""
    return inserting(connection.dialect.name, table)
