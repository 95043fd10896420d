"""What a database is asked, as its driver gets it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from storage.prepared import Form, Values

Executed = tuple[str, Any, bool]  # a statement, what it was given, whether many times


@contextmanager
def executed() -> Iterator[list[Executed]]:
    """Gather the statements that are executed meanwhile, on any database, by SQLAlchemy or as prepared."""
    told: list[Executed] = []
    run = Form.run

    def tell(_: Any, __: Any, statement: str, given: Any, ___: Any, many: bool) -> None:
        told.append((statement, given, many))

    def ran(form: Form, raw: sqlite3.Connection, values: Values | Sequence[Values] | None) -> Any:
        if isinstance(values, Sequence):
            told.append((form.text, None, True))
        else:
            told.append((form.text, form.laid_out(values or {}), False))
        return run(form, raw, values)

    event.listen(Engine, "before_cursor_execute", tell)
    try:
        with patch.object(Form, "run", ran):
            yield told
    finally:
        event.remove(Engine, "before_cursor_execute", tell)
