"""What the bodies and answers of the HTTP API have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.web.conditional import holds, strong, unchanged

PRIVATE = {
    "Cache-Control": "private, no-cache"
}  # for what is somebody's: asked for again each time, by its tag
NO_STORE = {"Cache-Control": "no-store"}  # for what is secret, or shown once


ID, MOMENT = "7K3FABCDEF", "2030-05-17T12:00:00+00:00"  # in examples


def such_as(*examples: dict[str, Any]) -> ConfigDict:
    """Give a model examples."""
    return ConfigDict(json_schema_extra={"examples": list(examples)})


class Body(BaseModel):
    """What is sent: a field that is none of ours is a slip, and is said so."""

    model_config = ConfigDict(extra="forbid")


def _in_utc(moment: datetime) -> datetime:
    """Write a moment as it is kept; the first and last hours of the calendar are none in every timezone."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("no moment of the calendar in UTC") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


def tag_of(answer: BaseModel) -> str:
    """Name a state of a thing as it is shown."""
    return strong(answer.model_dump_json())


def fresh(http: Request, answer: BaseModel) -> Response:
    """Answer with somebody's thing as it is shown, under its tag; 304 to who has it."""
    tag = tag_of(answer)
    return unchanged(tag, PRIVATE) if holds(http.headers, tag) else tagged(answer)


def tagged(answer: BaseModel, status: int = 200, more: Mapping[str, str] | None = None) -> Response:
    """Answer with somebody's thing under its tag, which a change can be held to."""
    return answered(answer, status, {**PRIVATE, "ETag": tag_of(answer), **(more or {})})


def answered(answer: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a model."""
    return JSONResponse(answer.model_dump(mode="json"), status, dict(headers or {}))
