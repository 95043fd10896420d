"""``qr-gen config``: what is set and where, with secrets masked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import SecretStr

from bot.config import Misconfigured, Settings, read_settings
from bot.sources import slips, sources

MASK = "••••"
_ADDRESSES = {"database_url", "redis_url"}  # which may hold a password
_SERVER = re.compile(r"([^@]*@)?([\w.:,\[\]-]*(?:/[\w.-]*)?)", re.ASCII)
_CLASSES = ((8, "fewer than 8"), (32, "8 to 31"))  # characters of a secret; the rest are more


def shown() -> Iterator[str]:
    """Write a line for each setting: name, value, and where it is set; then what looks like a slip.

    Raises Misconfigured after all lines, which then have no values.
    """
    settings, wrong = None, None
    try:
        settings = read_settings()
    except Misconfigured as error:
        wrong = error
    rows = [
        (name.upper(), _value(settings, name), ", over ".join(each.where for each in where) or "default")
        for name, where in sources(Settings).items()
    ]
    wide, wider = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, value, where in rows:
        yield f"{name:{wide}}  {value:{wider}}  {where}"
    yield from (
        f"{name} in .env is no setting; the nearest is {near}." for name, near in slips(Settings).items()
    )
    if wrong is not None:
        raise wrong


def _value(settings: Settings | None, name: str) -> str:
    """Write a value down as people may see it; what follows from other settings, as it follows."""
    if settings is None:
        return "?"
    value = {"web_chat": settings.chat, "sign_up": settings.signing_up}.get(name, getattr(settings, name))
    if isinstance(value, SecretStr):
        return masked(value.get_secret_value())
    if isinstance(value, bool):
        return "true" if value else "false"
    if name in _ADDRESSES and value:
        return without_password(value)
    return "" if value is None else str(value)


def masked(secret: str) -> str:
    """Say of a secret whether it is set, and about how long it is."""
    if not secret:
        return ""
    length = next((said for most, said in _CLASSES if len(secret) < most), "32 or more")
    return f"{MASK} ({length} characters)"


def without_password(url: str) -> str:
    """Mask who logs in at an address, and parameters; all of one with other signs than addresses have."""
    scheme, _, rest = url.partition("://")
    place, query, _ = rest.partition("?")
    plain, parameters = re.sub(r"\+\w+$", "", scheme), f"?{MASK}" if query else ""
    if plain == "sqlite":
        return f"{plain}://{place}{parameters}"
    found = _SERVER.fullmatch(place)
    return (
        f"{plain}://{MASK}"
        if not found
        else f"{plain}://{MASK + '@' if found[1] else ''}{found[2]}{parameters}"
    )
