"""Whether this machine has what the bot takes of it: fonts, zones, SQLite, room, shut files, Redis."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from redis.exceptions import RedisError

from bot.face import Finding
from bot.outage import REDIS_AWAY, REDIS_MEND
from bot.qr.shapes.fonts import FOLDERS, font_for, named
from storage.engines import sqlite_version, sqlite_warning
from storage.redis_rates import answers, open_redis

NONE = 4_000_000  # bytes that SQLite's log grows by before it is emptied
FREE, SHARE = 500_000_000, 0.05  # bytes, and part of the whole, that should be free where data is written

# A letter of each script that captions are often in, and the Debian package that brings it.
_LETTERS = {
    "Latin": ("Ä", "fonts-dejavu-core"),
    "Greek": ("Ω", "fonts-dejavu-core"),
    "Cyrillic": ("Я", "fonts-dejavu-core"),
    "Hebrew": ("א", "fonts-dejavu-core"),
    "Arabic": ("ع", "fonts-dejavu-core"),
    "Devanagari": ("अ", "fonts-lohit-deva"),
    "Bengali": ("ক", "fonts-lohit-beng-bengali"),
    "Tamil": ("க", "fonts-lohit-taml"),
    "Thai": ("ก", "fonts-thai-tlwg"),
    "Chinese": ("漢", "fonts-wqy-microhei"),
    "Japanese": ("あ", "fonts-wqy-microhei"),
    "Korean": ("한", "fonts-wqy-microhei"),
}
_EMOJI = "fonts-noto-color-emoji"


def fonts(folders: tuple[Path, ...] = FOLDERS) -> Iterator[Finding]:
    """Look for letters of each script, and for emoji; a text without its letters is refused."""
    lacking = [name for name, (letter, _) in _LETTERS.items() if font_for(letter, folders) is None]
    if lacking:
        packages = sorted({_LETTERS[name][1] for name in lacking})
        said = f"lack {', '.join(lacking)}: captions in them are refused"
        yield Finding("Fonts", said, _install(*packages), light=True)
    else:
        yield Finding("Fonts", f"have letters for {', '.join(_LETTERS)}")
    if named("NotoColorEmoji", folders) is None:
        said = "cannot be drawn as logos: Noto Color Emoji is not here"
        yield Finding("Emoji", said, _install(_EMOJI), light=True)
    else:
        yield Finding("Emoji", "can be drawn as logos")


def _install(*packages: str) -> str:
    return f"Install (Debian): apt-get install {' '.join(packages)}"


def sqlite() -> Finding:
    """Look whether Python's SQLite keeps what is written."""
    warning = sqlite_warning()
    if not warning:
        return Finding("SQLite", f"is {sqlite_version()}")
    mend = "Let nothing else write to the data; a newer Python or system brings a newer SQLite."
    return Finding("SQLite", f"is {sqlite_version()}, and before 3.51.3 it can lose writes", mend, light=True)


def time_zones() -> Finding:
    """Look whether the zones that people choose, and events have, are there."""
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        mend = "Install what is locked again: make install, or pip install tzdata."
        return Finding("Time zones", "are not there", mend)
    return Finding("Time zones", "are there")


def disk(folder: Path) -> Finding:
    """Look how much is free where the data lies, or will."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    said = f"has {usage.free / 1e9:.2f} GB free, {usage.free / usage.total:.0%} of it"
    if usage.free < NONE:
        return Finding("Disk", f"is full: it {said}", "Make room: nothing can be kept until then.")
    if usage.free < FREE or usage.free < SHARE * usage.total:
        mend = "Make room, or give the data a larger one: when it is full, nothing can be kept."
        return Finding("Disk", said, mend, light=True)
    return Finding("Disk", said)


def shut(file: Path, what: str, *, light: bool = False) -> Iterator[Finding]:
    """Look whether nobody but its owner can read a file with secrets; nothing where there is none."""
    if not file.is_file():
        return
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        said = f"in {file} can be read by others (mode {mode:04o})"
        yield Finding(what, said, f"Say: chmod 600 {file}", light)
    else:
        yield Finding(what, f"in {file} can be read by its owner alone")


async def redis(url: str) -> Finding:
    """Look whether what shares the limits is there."""
    try:
        async with open_redis(url) as client:
            await answers(client)
    except (RedisError, OSError):
        return Finding("Redis", REDIS_AWAY, REDIS_MEND)
    return Finding("Redis", "answers")


def sentry() -> Finding:
    """Look whether what reports to Sentry is installed."""
    if find_spec("sentry_sdk") is None:
        mend = "Install qr-gen[sentry], or unset SENTRY_DSN: qr-gen does not start so."
        return Finding("Sentry", "is configured, and what reports to it is not installed", mend)
    return Finding("Sentry", "is told of errors")
