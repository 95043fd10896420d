"""The tables of what operators do: what they did, and what goes on by itself since."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from storage.columns import COUNTER, ID, Moment, metadata

audit = Table(
    "audit",  # what operators did: ids alone
    metadata,
    Column("sequence", COUNTER, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("who", String(160), nullable=False),
    Column("word", String(32), nullable=False),
    Column("about", String(300), nullable=False),
    Column("result", String(16), nullable=False),
)
tasks = Table(
    "tasks",  # what operators set going and goes on by itself, step by step
    metadata,
    Column("id", ID, primary_key=True),
    Column("word", String(32), nullable=False),
    Column("by", String(160), nullable=False),
    Column("body", LargeBinary, nullable=False),  # what it is told; blanked when it has ended
    Column("state", String(8), nullable=False),
    Column("going", String(32), unique=True),  # the word while it goes on: one of each at a time
    Column("at", String(64), nullable=False),  # where it stands: the id of the last that was done
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index(None, "word", "created_at"),
)
faults = Table(
    "faults",  # what a task found wrong, by what it is about
    metadata,
    Column("task_id", ID, ForeignKey("tasks.id"), primary_key=True),
    Column("about", String(64), primary_key=True),
    Column("why", String(300), nullable=False),
)
