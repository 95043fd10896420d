"""Work that takes long: how it stands, and what came of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse

from adapters.web.api import Api
from adapters.web.caller import anyone
from adapters.web.later import GUEST, MANY, asker_of, told
from bot.accounts.caller import PICTURES, Caller
from bot.ids import read_id
from bot.jobs import ID, TooManyJobs, cancel, ended, found, streaming
from storage.account import Job, JobState

PAUSE = 15.0  # seconds between two signs of life in a stream
LOST = "This was lost when a server of ours stopped. Please send it again."
_SOON = {"Retry-After": "1", "Cache-Control": "no-store"}


class JobAnswer(BaseModel):
    """Work that takes long: ``running``, ``done`` or ``lost``; where its events and its result are."""

    id: str
    state: JobState
    created_at: datetime
    url: str
    events: str
    result: str


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/jobs/{id}``, its events and its result."""
    router, known = APIRouter(prefix="/jobs", tags=["jobs"]), Depends(anyone(api, PICTURES))

    @router.get("/{id}", response_model=JobAnswer)
    async def stands(id: str, caller: Caller | None = known) -> Response:
        """Tell how a job stands."""
        job = await _theirs(api, id, caller)
        return JSONResponse(told(job), headers=_SOON if job.state is JobState.RUNNING else _SOON_NOT)

    @router.get("/{id}/result", response_class=Response)
    async def result(id: str, caller: Caller | None = known) -> Response:
        """Answer as the call itself would have: 202 while it runs, 410 where it was lost."""
        job = await _theirs(api, id, caller)
        match job.state:
            case JobState.RUNNING:
                return JSONResponse(told(job), 202, _SOON | {"Location": told(job)["url"]})
            case JobState.LOST:
                raise HTTPException(410, LOST)
            case _:
                return Response(job.body, job.status, dict(job.headers))

    @router.get("/{id}/events", response_class=Response)
    async def events(http: HttpRequest, id: str, caller: Caller | None = known) -> Response:
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
    async def cancelled(id: str, caller: Caller | None = known) -> Response:
        """Give a job up, and forget what came of it."""
        job = await _theirs(api, id, caller)
        await cancel(api.running, api.app, job.id)
        return Response(status_code=204)

    return router


STREAM = "text/event-stream"
_SOON_NOT = {"Cache-Control": "no-store"}


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
