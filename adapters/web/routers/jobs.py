"""Work that takes long: how it stands, and what came of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse

from adapters.web.api import Api
from adapters.web.caller import anyone
from adapters.web.later import GUEST, MANY, asker_of, told
from adapters.web.reference.answers import ACCEPTED
from adapters.web.reference.headers import header_fields
from adapters.web.schemas import files
from adapters.web.schemas.jobs import JobAnswer
from bot.accounts.caller import Caller
from bot.ids import read_id
from bot.jobs import ID, TooManyJobs, cancel, ended, found, streaming
from storage.account import Job, JobState

PAUSE = 15.0  # seconds between two signs of life in a stream
LOST = "This was lost when a server of ours stopped. Please send it again."
STREAM = "text/event-stream"
_SOON = {"Retry-After": "1", "Cache-Control": "no-store"}
_SOON_NOT = {"Cache-Control": "no-store"}

Id = Annotated[str, Path(description="what the job is known by", examples=["7K3FABCDEFGH2345MNPQ"])]
_CAME = {
    "description": "What the call itself would have answered.",
    "content": {**files.KINDS, "application/json": {}},
}
_MADE = {**_CAME, "description": "The same, of what was made.", "headers": header_fields("ETag")}
_RESULTS: dict[int | str, dict[str, Any]] = {
    200: _CAME,
    201: _MADE,
    202: ACCEPTED,
    **{status: {} for status in (409, 410, 412, 422)},
}
_TOLD = {
    "description": "A line for each event: how the job stands now, and its end. It has the data of the job.",
    "content": {STREAM: {"schema": {"type": "string"}, "example": "id: done\nevent: state\ndata: {…}\n\n"}},
}


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/jobs/{id}``, its events and its result."""
    router, known = APIRouter(prefix="/v1/jobs", tags=["jobs"]), Depends(
        anyone(api)
    )  # a key of any scope may begin one

    @router.get("/{id}", response_model=JobAnswer, responses={200: {"headers": header_fields("Retry-After")}})
    async def get_job(id: Id, caller: Caller | None = known) -> Response:
        """Tell how a job stands."""
        job = await _theirs(api, id, caller)
        return JSONResponse(told(job), headers=_SOON if job.state is JobState.RUNNING else _SOON_NOT)

    @router.get("/{id}/result", response_class=Response, responses=_RESULTS)
    async def get_job_result(id: Id, caller: Caller | None = known) -> Response:
        """Answer as the call itself would have: 202 while it runs, 410 where it was lost."""
        job = await _theirs(api, id, caller)
        match job.state:
            case JobState.RUNNING:
                return JSONResponse(told(job), 202, _SOON | {"Location": told(job)["url"]})
            case JobState.LOST:
                raise HTTPException(410, LOST)
            case _:
                return Response(job.body, job.status, dict(job.headers))

    @router.get("/{id}/events", response_class=Response, responses={200: _TOLD})
    async def follow_job(http: HttpRequest, id: Id, caller: Caller | None = known) -> Response:
        """Tell of a job's end when it comes, as server-sent events."""
        job, asker = await _theirs(api, id, caller), asker_of(api, http, caller)
        if getattr(http.state, "head", False):
            return Response(headers=_SOON_NOT, media_type=STREAM)
        try:
            with streaming(api.running, asker):
                pass
        except TooManyJobs:
            raise HTTPException(429, MANY, {"Retry-After": "10"}) from None
        return StreamingResponse(_events(api, job, asker), headers=_SOON_NOT, media_type=STREAM)

    @router.delete("/{id}", status_code=204, response_class=Response)
    async def cancel_job(id: Id, caller: Caller | None = known) -> Response:
        """Give a job up, and forget what came of it."""
        job = await _theirs(api, id, caller)
        await cancel(api.running, api.app, job.id)
        return Response(status_code=204)

    return router


async def _theirs(api: Api, id: str, caller: Caller | None) -> Job:
    """Find an account's own job, or a guest's, who is known by its id alone; raises HTTPException 404."""
    job = await found(api.app, id) if read_id(id, ID) == id else None
    owner = caller.user.id if caller is not None else ""
    if job is None or not (job.asker == owner or job.asker.startswith(GUEST)):
        raise HTTPException(404)
    return job


async def _events(api: Api, job: Job, asker: str) -> AsyncIterator[bytes]:
    """Write how a job stands and, when it comes, its end; a line in between says that we are here still."""
    try:
        with streaming(api.running, asker):
            yield b"retry: 2000\n\n" + _event(job)
            if job.state is not JobState.RUNNING:
                return
            async for last in ended(api.running, api.app, job.id, PAUSE):
                yield b": at work\n\n" if last is None else _event(last)
    except TooManyJobs:  # taken between the look and the first line
        return


def _event(job: Job) -> bytes:
    return f"id: {job.state}\nevent: state\ndata: {json.dumps(told(job))}\n\n".encode()
