"""What the chat page sends, as requests: a text, a form that was filled in, a press, or files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from bot.face import Address
from bot.i18n import Translator, spoken
from bot.ids import new_id
from bot.message import Actor, Asking, Request, Space, Upload

FILE_LIMIT = 10 * 1024 * 1024  # bytes of one file
BODY_LIMIT = FILE_LIMIT + 64 * 1024  # bytes of the multipart body around it
LOOK_LIMIT = 16 * 1024  # bytes of a body that names a look
LONGEST_LOOK = 1000  # characters
_FILES = 5

Said = Mapping[str, object]


def request_of(said: Said, uploads: tuple[Upload, ...], actor: Actor) -> Request:
    """Make a request of what somebody sent; raises HTTPException 422 where it has none of the known shapes.

    It is said in their own private space: a Telegram chat with somebody has their number.
    """
    asked = asked_by(actor, uploads)
    match dict(said):
        case {"text": str(text), **rest} if not rest:
            return replace(asked, text=text)
        case {"press": str(line), **rest} if not rest:
            return replace(asked, text=line, pressed=True)
        case {"command": str(command), "values": dict(values), **rest} if not rest and _texts(values):
            return replace(asked, command=command, values=values)
        case {} if uploads and not said:
            return asked
        case _:
            raise HTTPException(422, 'Send {"text"}, {"press"} or {"command", "values"}, with texts in them.')


def asked_by(actor: Actor, uploads: tuple[Upload, ...] = ()) -> Request:
    """Begin a request of somebody's, answered on the page."""
    return Request(
        id=f"web:{new_id(20)}",
        actor=actor,
        space=Space(actor.platform, actor.id),
        uploads=uploads,
        answered=True,
        asking=Asking.FORM,
    )


def sent_of(said: Said, actor: Actor, reach: Callable[[str], Address]) -> Request | None:
    """Make a request whose answer goes to somebody's chat, as if they pressed there; None for all else."""
    match dict(said):
        case {"send": str(line), **rest} if not rest and actor.platform != "web":
            there, by = reach(actor.id), Asking.QUESTION
            return replace(asked_by(actor), text=line, pressed=True, answered=False, asking=by, address=there)
        case _:
            return None


def look_of(said: Said, actor: Actor) -> Request:
    """Make a request to see a look, of one code or in general; raises HTTPException 422 for anything else."""
    match dict(said):
        case {"look": str(look), "code": str(code), **rest} if not rest and len(look) <= LONGEST_LOOK:
            given = {name: value for name, value in (("code", code), ("look", look)) if value.strip()}
            return replace(asked_by(actor), command="preview", values=given)
        case _:
            raise HTTPException(
                422, f'Send {{"look", "code"}}: texts, the look of {LONGEST_LOOK} characters.'
            )


def _texts(values: Mapping[object, object]) -> bool:
    return all(isinstance(each, str) for pair in values.items() for each in pair)


async def read(http: HttpRequest) -> tuple[Said, tuple[Upload, ...]]:
    """Read a body: JSON, or multipart with files and maybe a text; raises HTTPException for anything else."""
    match http.headers.get("content-type", "").partition(";")[0].strip().lower():
        case "application/json":
            return _json(await http.body()), ()
        case "multipart/form-data":
            return await _multipart(http)
        case _:
            raise HTTPException(415, "Send application/json, or multipart/form-data with files.")


def _json(body: bytes) -> Said:
    try:
        said = json.loads(body)
        json.dumps(said, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise HTTPException(400, "This is not JSON.") from None
    return said if isinstance(said, dict) else {"": said}


async def _multipart(http: HttpRequest) -> tuple[Said, tuple[Upload, ...]]:
    async with http.form(max_files=_FILES, max_fields=_FILES) as form:
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        uploads = tuple([await _upload(file) for file in files])
        return {name: value for name, value in form.items() if isinstance(value, str)}, uploads


async def _upload(file: UploadFile) -> Upload:
    if (file.size or 0) > FILE_LIMIT:
        raise HTTPException(413, "This file is larger than 10 MB. Please send a smaller one.")
    data = await file.read()
    return Upload("", file.filename or "", file.content_type or "", len(data), data)


def language_of(headers: Mapping[str, str]) -> str:
    """Take the language a browser likes best from ``Accept-Language`` (RFC 9110, 12.5.4)."""
    first = headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
    return first if first.replace("-", "").isalnum() and first.isascii() and len(first) <= 35 else ""


def translator(http: HttpRequest) -> Translator:
    """Speak the language a client likes best."""
    return Translator(spoken(language_of(http.headers)))
