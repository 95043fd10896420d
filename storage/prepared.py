"""Statements made once and run for each thing that is said: on SQLite the driver gets them as they are.

SQLAlchemy looks a statement up, lays out its parameters and wraps its cursor each time, which costs several
times what SQLite takes. For a statement that is a constant all of it but the values can be known beforehand.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Executable, Select
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

S = TypeVar("S", bound=Executable)
Process = Callable[[Any], Any]
Values = Mapping[str, Any]

_SQLITE = dialect()
_SEVERAL, _LISTED = re.compile(r"__\[POSTCOMPILE_\w+\]"), "SELECT value FROM json_each(?)"


def prepared(statement: S) -> S:
    """Mark a statement that is a constant of the code, as what is made of it is kept for ever.

    Its values are named parameters; those that stand for several ("expanding") stand for texts.
    """
    return statement.execution_options(prepared=True)


def is_prepared(statement: Executable) -> bool:
    """Tell whether a statement was marked so."""
    return "prepared" in statement.get_execution_options()


@dataclass(frozen=True, slots=True)
class Form:
    """A statement as SQLite's driver takes it, and how values get in and out."""

    text: str
    given: tuple[tuple[str, Process | None, Any], ...]  # a name, or none and a value that is always the same
    names: SimpleResultMetaData
    read: tuple[tuple[int, Process], ...]  # columns that are not as the driver gives them

    def run(self, raw: sqlite3.Connection, values: Values | Sequence[Values] | None) -> IteratorResult[Any]:
        """Execute it, many times where there are many values, and fetch what it gives.

        Raises SQLAlchemy's exceptions.
        """
        try:
            if isinstance(values, Sequence):
                raw.executemany(self.text, map(self.laid_out, values))
                return IteratorResult(self.names, iter(()))
            rows: Iterable[Any] = raw.execute(self.text, self.laid_out(values or {})).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(self.text, None, error, sqlite3.Error, hide_parameters=True) from error
        return IteratorResult(self.names, iter(map(self._opened, rows) if self.read else rows))

    def laid_out(self, values: Values) -> list[Any]:
        """Put values in the order in which the text takes them."""
        return [
            (values[name] if process is None else process(values[name])) if name else always
            for name, process, always in self.given
        ]

    def _opened(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        opened = list(row)
        for at, process in self.read:
            opened[at] = process(opened[at])
        return tuple(opened)


@cache
def form(statement: Executable, columns: tuple[str, ...] = ()) -> Form:
    """Compile a statement; ``columns``: those that an INSERT fills."""
    compiled = statement.compile(dialect=_SQLITE, column_keys=columns or None)  # type: ignore[attr-defined]  # of its kinds
    assert isinstance(compiled, SQLCompiler)
    given = tuple(_given(compiled, name) for name in compiled.positiontup or ())
    shown = tuple(statement.selected_columns) if isinstance(statement, Select) else ()
    opening = ((at, _opening(column.type)) for at, column in enumerate(shown))
    read = tuple((at, process) for at, process in opening if process is not None)
    text = _SEVERAL.sub(_LISTED, compiled.string)
    return Form(text, given, SimpleResultMetaData([str(column.key) for column in shown]), read)


def _given(compiled: SQLCompiler, name: str) -> tuple[str, Process | None, Any]:
    bound = compiled.binds[name]
    if bound.expanding:
        return name, json.dumps, None
    process = bound.type.dialect_impl(_SQLITE).bind_processor(_SQLITE)
    if bound.required:
        return name, process, None
    return "", None, bound.value if process is None else process(bound.value)


def _opening(kind: TypeEngine[Any]) -> Process | None:
    return kind.dialect_impl(_SQLITE).result_processor(_SQLITE, None)
