"""``Idempotency-Key``: what a request makes is made once, however often it is sent, and answered alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.reference.parameters import KEY, LONGEST
from storage.account import Answer, KeepAnswer
from storage.changes import AlreadySeen, Change

REPLAYED = "Idempotent-Replayed"
_SPLIT = "\x1f"

T = TypeVar("T")
Also = Callable[[T], tuple[Change, ...]]


async def once(
    api: Api,
    http: HttpRequest,
    asker: str,
    do: Callable[[str, Also[T]], Awaitable[T]],
    told: Callable[[T], Response],
) -> Response:
    """Do what a request asks once for its key, and answer it; a repetition gives the same answer.

    ``do`` takes a request's id and the changes to commit in the same unit, and gives what it made; ``told``
    lays the answer out, from that alone. A key belongs to its ``asker`` (at most 64 characters) and is kept
    for a day, with what was answered, sealed. Nothing is kept of what was refused, or failed with a status of
    500 or more, since nothing was done: the key then is good for another try, and for the request put right.

    Raises HTTPException: 400 where the key is none, 409 where what it made is gone with its answer, 422 where
    it came with another request.
    """
    key = _key(http)
    if not key:
        return told(await do("", lambda made: ()))
    ring = api.app.store.ring
    id = f"http:{ring.fingerprint('idempotency key', _SPLIT.join((asker, key)))}"
    body = (await http.body()).decode("latin-1")
    said = _SPLIT.join((http.method, http.url.path, http.url.query, body))
    asked = ring.fingerprint("asked over HTTP", said)
    kept = await _kept(api, id, asked)
    if kept is not None:
        return kept

    def also(made: T) -> tuple[Change, ...]:
        return (KeepAnswer(_answer(id, asker, asked, told(made)), api.app.clock()),)

    try:
        return told(await do(id, also))
    except AlreadySeen:
        kept = await _kept(api, id, asked)
        if kept is None:
            raise HTTPException(
                409, "This Idempotency-Key was used, and what it made is gone. Please send another."
            ) from None
        return kept
    except Exception:  # what another one of the same key has done meanwhile may be the reason
        kept = await _kept(api, id, asked)
        if kept is None:
            raise
        return kept


def _key(http: HttpRequest) -> str:
    sent = http.headers.getlist(KEY)
    if not sent:
        return ""
    [key, *others] = sent
    if others or not 1 <= len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
        raise HTTPException(
            400, f"{KEY} is to be one text of 1 to {LONGEST} ASCII characters that can be seen."
        )
    return key


def _answer(id: str, asker: str, asked: str, response: Response) -> Answer:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)
    return Answer(id, asker, asked, response.status_code, headers, bytes(response.body))


async def _kept(api: Api, id: str, asked: str) -> Response | None:
    async with api.app.store.reading() as work:
        answer = await work.answers.get(id)
    if answer is None:
        return None
    if answer.asked != asked:
        raise HTTPException(
            422,
            "This Idempotency-Key came with another request before. Please send another key with this one.",
        )
    return Response(answer.body, answer.status, dict(answer.headers) | {REPLAYED: "true"})
