"""A minimal Slack bot on stock slack-bolt, as its documents have it: acknowledge, draw with segno, upload.

``/qr TEXT`` uploads a picture, ``/qr wifi`` opens a modal. Arguments: the port, the address of the Web API.
"""

from __future__ import annotations

import io
import logging
import sys
from typing import Any

import segno
import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.slack_api import SECRET, TOKEN

VIEW: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Join a network"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": name,
            "label": {"type": "plain_text", "text": name},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
        for name in ("ssid", "password", "security", "hidden")
    ],
}


def application(api: str) -> AsyncApp:
    """Build it as the examples do."""
    app = AsyncApp(signing_secret=SECRET, client=AsyncWebClient(TOKEN, base_url=api))

    @app.command("/qr")
    async def qr(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        if command["text"] == "wifi":
            await client.views_open(trigger_id=command["trigger_id"], view=VIEW)
            return
        out = io.BytesIO()
        segno.make(command["text"], micro=False).save(out, kind="png", scale=10)
        await client.files_upload_v2(
            channel=command["channel_id"], filename="code.png", content=out.getvalue()
        )

    return app


def main() -> None:
    """Run until killed."""
    logging.disable()
    port, api = sys.argv[1:]
    uvicorn.run(
        AsyncSlackRequestHandler(application(api), "/slack/events"),
        port=int(port),
        log_level="error",
        backlog=2048,
    )


if __name__ == "__main__":
    main()
