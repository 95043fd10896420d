"""A card as lines of text: what is strong in them, what fits where, and where a long one breaks.

Limits: core.telegram.org/bots/api#sendmessage, #sendphoto.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.message import Reply

TEXT, CAPTION = 4096, 1024  # characters without markup; counted here in UTF-16 units, which are never fewer

Row = tuple[str, str]  # a line's strong beginning, and the rest of it


def laid_out(reply: Reply) -> list[Row]:
    """Lay the card out line by line."""
    rows = [(line, "") for line in reply.title.split("\n") if line]
    rows += [("", line) for line in reply.body.split("\n") if reply.body]
    for field in reply.fields:
        first, *more = field.value.split("\n")
        rows += [(f"{field.label}:", f" {first}"), *(("", line) for line in more)]
    return rows


def html(rows: list[Row]) -> str:
    """Write lines as Telegram's HTML; everything a person wrote is escaped."""
    return "\n".join(
        (f"<b>{escape(strong, quote=False)}</b>" if strong else "") + escape(plain, quote=False)
        for strong, plain in rows
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits_below(rows: list[Row]) -> bool:
    """Tell whether a card fits below a picture."""
    return sum(map(_length, rows)) + len(rows) - 1 <= CAPTION


def _length(row: Row) -> int:
    return _units(row[0] + row[1])


def messages(rows: list[Row]) -> Iterator[list[Row]]:
    """Group lines into messages; what would be an empty message is none."""
    chunk: list[Row] = []
    used = 0
    for row in (piece for line in rows for piece in _pieces(line)):
        if chunk and used + 1 + _length(row) > TEXT:
            yield from _told(chunk)
            chunk, used = [], 0
        used += _length(row) + (1 if chunk else 0)
        chunk.append(row)
    yield from _told(chunk)


def _told(chunk: list[Row]) -> Iterator[list[Row]]:
    if any((strong + plain).strip() for strong, plain in chunk):
        yield chunk


def _pieces(row: Row) -> Iterator[Row]:
    """Break a line that is too long for any message, after a space where there is one."""
    if _length(row) <= TEXT:
        yield row
        return
    text = row[0] + row[1]
    while text:
        head = text.encode("utf-16-le", "surrogatepass")[: 2 * TEXT].decode("utf-16-le", "ignore")
        end = head.rfind(" ") + 1 if len(head) < len(text) else 0
        yield "", text[: end or len(head)]
        text = text[end or len(head) :]
