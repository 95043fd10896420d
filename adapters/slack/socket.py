"""Socket Mode: two sockets, so that one is open while the other is renewed; acknowledged after the commit.

Our own loop: the SDK's client closes a socket before it opens the next, and drops what waits in its memory.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType
from slack_sdk.errors import SlackApiError

from adapters.slack.receive import Dispatch
from adapters.slack.send import Slack
from adapters.slack.serve import WRONG, WrongToken
from bot.parked import outline

log = structlog.get_logger(__name__)

SOCKETS = 2
HEARTBEAT = 15.0  # seconds between pings; a socket that does not answer is closed
GRACE = 10.0  # seconds that a socket told to go may still bring what is under way
LONGEST_PAUSE = 30.0  # seconds between two tries
LARGEST = 4 * 1024 * 1024  # bytes of a message


async def listen(slack: Slack, app_token: str, dispatch: Dispatch) -> None:
    """Keep two sockets open until cancelled; raises WrongToken."""
    await asyncio.gather(*(_keep_open(slack, app_token, dispatch) for _ in range(SOCKETS)))


async def _keep_open(slack: Slack, app_token: str, dispatch: Dispatch) -> None:
    """Open a socket, and the next as soon as this one is told to go or breaks."""
    talks: set[asyncio.Task[None]] = set()
    pause = 1.0
    try:
        while True:
            try:
                socket = await _connect(slack, app_token)
            except (SlackApiError, ClientError, TimeoutError, OSError) as error:
                if isinstance(error, SlackApiError) and error.response.get("error") in WRONG:
                    raise WrongToken("app") from None
                log.warning("slack's socket cannot be opened", error=outline(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
                continue
            pause, leaving = 1.0, asyncio.Event()
            talk = asyncio.create_task(_talk(socket, dispatch, leaving))
            talks.add(talk)
            talk.add_done_callback(talks.discard)
            await leaving.wait()
    finally:
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def _connect(slack: Slack, app_token: str) -> ClientWebSocketResponse:
    opened: Any = await slack.client.apps_connections_open(app_token=app_token)
    return await slack.http.ws_connect(str(opened["url"]), heartbeat=HEARTBEAT, max_msg_size=LARGEST)


async def _talk(socket: ClientWebSocketResponse, dispatch: Dispatch, leaving: asyncio.Event) -> None:
    """Read a socket until it ends; its envelopes are handled side by side, and awaited before it closes."""
    under_way: set[asyncio.Task[None]] = set()
    try:
        async for read in socket:
            if read.type is not WSMsgType.TEXT:
                continue
            envelope = json.loads(read.data)
            if envelope.get("type") == "disconnect":
                leaving.set()
            elif "envelope_id" in envelope:
                task = asyncio.create_task(_answer(socket, envelope, dispatch))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
    except (ClientError, ValueError, OSError) as error:
        log.warning("slack's socket broke", error=outline(error))
    finally:
        leaving.set()
        if under_way:
            await asyncio.wait(under_way, timeout=GRACE)
        await socket.close()


async def _answer(socket: ClientWebSocketResponse, envelope: dict[str, Any], dispatch: Dispatch) -> None:
    """Handle an envelope and acknowledge it; one that was not kept stays unacknowledged, and comes again."""
    body = envelope.get("payload")
    status, answer = await dispatch(body) if isinstance(body, dict) else (200, None)
    if status != 200:
        return
    told = {"envelope_id": envelope["envelope_id"], **({"payload": answer} if answer else {})}
    with suppress(ConnectionError):
        await socket.send_json(told)
