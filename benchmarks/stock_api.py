"""A minimal API on FastAPI, qrcode and Pillow, as their documents have it: a text in, its PNG out.

The port is the argument. A plain ``def`` is what FastAPI's documents say for work that is not awaited.
"""

from __future__ import annotations

import io
import sys

import qrcode
import uvicorn
from fastapi import FastAPI, Response
from pydantic import BaseModel

web = FastAPI()


class Body(BaseModel):
    """What to draw."""

    text: str


@web.post("/render")
def render(body: Body) -> Response:
    """Draw a text's code."""
    picture = io.BytesIO()
    qrcode.make(body.text).save(picture, "PNG")
    return Response(picture.getvalue(), media_type="image/png")


if __name__ == "__main__":
    uvicorn.run(web, port=int(sys.argv[1]), log_level="error")
