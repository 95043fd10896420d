"""Replies as text for a terminal. What other people wrote never reaches it as control characters."""

from __future__ import annotations

import io
import re
from textwrap import wrap

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from bot.i18n import Translator
from bot.message import Button, Field, Form, Question, Reply, Table
from bot.qr.output import terminal
from bot.qr.picture import GALLERY, Picture
from bot.qr.symbol import encode

# C0, DEL, C1, the marks that turn text around (UAX #9), and halves of surrogate pairs; line breaks are ours
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """Write control characters as escapes such as ``\\x1b``; line breaks stay."""
    return _UNSEEN.sub(lambda match: ascii(match[0])[1:-1], text.replace("\r\n", "\n").replace("\t", "    "))


def line(text: str) -> str:
    """Do the same on one line."""
    return " ".join(visible(text).splitlines())


def text(reply: Reply, t: Translator, width: int, *, coloured: bool = False) -> str:
    """Lay a reply out in ``width`` columns: card, table, code in half blocks, files, form, numbered buttons.

    ``coloured``: for a terminal, whose ``NO_COLOR`` is kept to.
    """
    parts = (
        _title(reply.title),
        _wrapped(reply.body, width),
        _fields(reply.fields, width),
        "" if reply.table is None else _table(reply.table, width, coloured),
        "" if reply.picture is None else _code(reply.picture, t, width),
        _files(reply, t),
        "" if reply.form is None else missing(reply.form, t),
        _buttons(reply),
    )
    return "\n\n".join(part for part in parts if part)


def pressable(reply: Reply) -> tuple[Button, ...]:
    """List the buttons that have a number, in its order: those that are command lines."""
    return tuple(button for row in reply.buttons for button in row if button.line)


def _title(title: str) -> str:
    told = line(title)
    return f"{told}\n{'─' * len(told)}" if told else ""


def _wrapped(body: str, width: int, indent: int = 0) -> str:
    """Fold at spaces only, so that an address stays one word."""
    room = max(width - indent, 20)
    folded = [
        wrap(each, room, break_long_words=False, break_on_hyphens=False, drop_whitespace=True) or [""]
        for each in visible(body).splitlines()
    ]
    return ("\n" + " " * indent).join(row for rows in folded for row in rows)


def _fields(fields: tuple[Field, ...], width: int) -> str:
    labels = [f"{line(field.label)}:" for field in fields]
    side = max(map(len, labels), default=0) + 1
    return "\n".join(
        f"{label:<{side}}{_wrapped(field.value, width, side)}"
        for label, field in zip(labels, fields, strict=True)
    )


def _table(table: Table, width: int, coloured: bool) -> str:
    """Draw a table; where nobody looks at it, without lines or colours."""
    grid = Grid(
        box=box.SIMPLE_HEAD if coloured else None, header_style="bold cyan", pad_edge=False, show_edge=False
    )
    for heading in table.headings:
        grid.add_column(Text(line(heading)), overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(line(cell)) for cell in row))
    drawn = io.StringIO()
    Console(
        file=drawn, width=width, force_terminal=coloured, color_system="standard" if coloured else None
    ).print(grid)
    return "\n".join(row.rstrip() for row in drawn.getvalue().splitlines())


def _code(picture: Picture, t: Translator, width: int) -> str:
    if picture.format == GALLERY:  # no code, and its looks have their names on the buttons
        return _to_keep(f"{picture.name}.png", t)
    drawn = terminal(encode(picture.payload, picture.style.level))
    columns = len(drawn.partition("\n")[0])
    if columns <= width:
        return drawn
    return t("The code needs {columns} columns. Widen the window, or type: save code.png", columns=columns)


def _files(reply: Reply, t: Translator) -> str:
    names = ", ".join(line(file.name) for file in reply.files)
    return _to_keep(names, t) if names else ""


def _to_keep(names: str, t: Translator) -> str:
    return t("File: {names} (to keep it, type: save PATH)", names=names)


def _buttons(reply: Reply) -> str:
    numbers = {button: number for number, button in enumerate(pressable(reply), 1)}
    rows = (
        [_button(button, numbers.get(button, 0)) for button in row if not button.share]
        for row in reply.buttons
    )
    return "\n".join("   ".join(row) for row in rows if row)


def _button(button: Button, number: int) -> str:
    if button.line:
        return f"[{number}] {line(button.label)}"
    return f"{line(button.label)}: {line(button.url or button.copy)}"


def lacking(form: Form) -> tuple[Question, ...]:
    """List the questions that keep a command from running: wrong ones, and required ones without a value."""
    return tuple(
        question
        for question in form.questions
        if question.error or (question.required and not form.values.get(question.name, question.default))
    )


def missing(form: Form, t: Translator) -> str:
    """Say which values a command still lacks, and why those given will not do."""
    rows = [
        f"  {line(question.name)}: {line(question.label)}"
        + (f" ({line(question.error)})" if question.error else "")
        for question in lacking(form)
    ]
    return "\n".join([t("Missing for “{command}”:", command=form.command), *rows]) if rows else ""
