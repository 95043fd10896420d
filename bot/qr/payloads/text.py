"""A text exactly as typed, and any payload of another maker's as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused


@dataclass(frozen=True, slots=True)
class Text:
    """A text, exactly as it is."""

    text: Annotated[str, Value("what the code should say, exactly", rest=True)]


@dataclass(frozen=True, slots=True)
class Raw:
    """A payload that is built already; nothing of it is looked at."""

    text: Annotated[str, Value("the payload, byte for byte", rest=True, slash=True)]


def build_text(content: Text | Raw) -> str:
    """Give the text; refuses an empty one and control characters."""
    if not content.text:
        raise Refused("There is no text yet. Tell me what the code should say.", field="text")
    return without_controls(content.text, field="text", allowed="\t\n\r")


def read_text(text: str) -> Reading[Text]:
    """Take any text as it is."""
    return Reading("text", Text(text))


TEXT = Kind(
    name="text",
    label="Text",
    summary="Make a code of a text exactly as it is, even if it looks like a command.",
    example="text help",
    content=Text,
    build=build_text,
    read=read_text,
    title=lambda content: content.text,
    group="make",
)
RAW = Kind(
    name="raw",
    label="Raw payload",
    summary="Make a code of a payload that is built already.",
    example="raw WIFI:T:nopass;S:Lobby;;",
    content=Raw,
    build=build_text,
    read=lambda text: None,
    title=lambda content: content.text,
)
