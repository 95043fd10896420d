"""A line in the log for each call to Slack, by its method; other addresses may hold secrets."""

from __future__ import annotations

import logging
import re
from time import perf_counter
from types import SimpleNamespace

from aiohttp import ClientSession, TraceConfig, TraceRequestEndParams, TraceRequestExceptionParams
from aiohttp import TraceRequestStartParams as Start

from bot.journal import called

_METHOD = re.compile(r"[a-z]+(\.[A-Za-z]+)+", re.ASCII)
OTHER = "other"  # a response_url, an upload, a file


def journaled() -> list[TraceConfig]:
    """Make what a session has to be opened with; nothing where no line would be written."""
    if not logging.getLogger(__name__).isEnabledFor(logging.DEBUG):
        return []
    trace = TraceConfig()
    trace.on_request_start.append(_begin)
    trace.on_request_end.append(_end)
    trace.on_request_exception.append(_fail)
    return [trace]


async def _begin(_: ClientSession, context: SimpleNamespace, params: Start) -> None:
    context.begun = perf_counter()


async def _end(_: ClientSession, context: SimpleNamespace, params: TraceRequestEndParams) -> None:
    called(_method(params.url.name), params.response.status, context.begun)


async def _fail(_: ClientSession, context: SimpleNamespace, params: TraceRequestExceptionParams) -> None:
    called(_method(params.url.name), 0, context.begun)


def _method(name: str) -> str:
    return name if _METHOD.fullmatch(name) else OTHER
