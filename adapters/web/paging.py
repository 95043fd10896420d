"""Lists, a page at a time: where the next one begins is said by a cursor, and in ``Link`` (RFC 8288)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from adapters.web.schemas.base import PRIVATE, Body
from bot.ids import read_id
from bot.qr.refusal import Refused

MOST, USUAL = 100, 20  # entries of a page

Place = tuple[datetime, str]  # when the last entry of a page was made, and its id


class Page(Body):
    """Which page of a list is asked for."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="how many entries at the most", examples=[USUAL])
    cursor: str = Field(
        "", max_length=100, description="“next” of the page before; without it, the first", examples=[""]
    )


def cursor_of(place: Place) -> str:
    """Write down where a page ended."""
    at, id = place
    return urlsafe_b64encode(f"{at.isoformat()} {id}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place | None:
    """Read where a page is to begin, None for the first; raises Refused for what we did not write."""
    if not cursor:
        return None
    try:
        at, _, id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(" ")
        place = datetime.fromisoformat(at), id
    except ValueError:
        raise _unknown() from None
    if place[0].utcoffset() != timedelta(0) or read_id(id) != id or cursor_of(place) != cursor:
        raise _unknown()
    return place


def _unknown() -> Refused:
    return Refused("This cursor is none of mine. Take “next” of a list as it is.", field="cursor")


def paged(http: HttpRequest, items: Sequence[BaseModel], last: Place | None) -> Response:
    """Lay a page out; ``last``: where it ended, where there is more."""
    following = cursor_of(last) if last is not None else None
    headers = dict(PRIVATE)
    if following is not None:
        query = http.url.include_query_params(cursor=following).query
        headers["Link"] = f'<{http.url.path}?{query}>; rel="next"'
    return JSONResponse(
        {"items": [each.model_dump(mode="json") for each in items], "next": following}, headers=headers
    )
