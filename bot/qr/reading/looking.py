"""Sheets to codes: zxing-cpp on the sheet, and where that finds none, on cleaned copies of it."""

from __future__ import annotations

import math
from time import thread_time

import zxingcpp

from bot.qr.reading.cleaned import Copy, cleaned
from bot.qr.reading.found import Found, apart, in_order, same
from bot.qr.reading.opening import Sheet

SIDE = 2_000  # pixels of the longer side: enough for a code that fills a good part of the picture


def codes(sheet: Sheet, until: float = math.inf) -> tuple[Found, ...]:
    """Find the codes of a sheet: as it is, and only where that finds none in cleaned copies of it.

    No more copies are made once this thread's processor time (``time.thread_time``) has come to ``until``.
    """
    reduced = smaller(sheet)
    found: list[Found] = []
    for each in (sheet,) if reduced is sheet else (reduced, sheet):
        _add(found, Copy(each.grey), each)
    for copy in () if found else cleaned(reduced.grey):
        _add(found, copy, reduced)
        if found or thread_time() > until:
            break
    return in_order(apart(found))


def smaller(sheet: Sheet) -> Sheet:
    """Bring a sheet to at most SIDE pixels."""
    if max(sheet.grey.size) <= SIDE:
        return sheet
    small = sheet.grey.copy()
    small.thumbnail((SIDE, SIDE))
    return Sheet(small, sheet.scale * sheet.grey.width / small.width, sheet.page)


def _add(found: list[Found], copy: Copy, sheet: Sheet) -> None:
    """Add the codes of a copy that other copies have not shown yet."""
    for code in zxingcpp.read_barcodes(copy.picture, binarizer=copy.binarizer):
        new = Found(_text(code), str(code.format), _corners(code, copy, sheet), sheet.page, bytes(code.bytes))
        if not any(same(new, old) for old in found):
            found.append(new)


def _text(code: zxingcpp.Barcode) -> str:
    """Give what a code says; bytes declared as no text (ECI 899) are written out, unless they are UTF-8."""
    said = str(code.text)
    if code.content_type != zxingcpp.ContentType.Binary:
        return said
    try:
        text = bytes(code.bytes).decode()
    except UnicodeDecodeError:
        return said
    return text if all(each.isprintable() or each in "\t\r\n" for each in text) else said


def _corners(code: zxingcpp.Barcode, copy: Copy, sheet: Sheet) -> tuple[tuple[int, int], ...]:
    """Find a code's corners, seen on a copy, in the file's own pixels or points."""
    place, width, height = code.position, *copy.picture.size
    cos, sin = math.cos(math.radians(copy.turn)), math.sin(math.radians(copy.turn))
    corners = []
    for point in (place.top_left, place.top_right, place.bottom_right, place.bottom_left):
        across, down = point.x - width / 2, point.y - height / 2
        x = (across * cos - down * sin) / copy.zoom + sheet.grey.width / 2
        y = (across * sin + down * cos) / copy.zoom + sheet.grey.height / 2
        corners.append((round(x * sheet.scale), round(y * sheet.scale)))
    return tuple(corners)
