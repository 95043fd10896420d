"""The bodies of codes and kits that are kept, and of the answers about them."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field

from adapters.web.paging import Page
from adapters.web.schemas.base import Body
from adapters.web.schemas.content import PICTURE, Content, Format, values_of
from bot.cards import SECRET_KINDS
from bot.qr.payloads import KINDS, interpret
from bot.qr.style import dump_style, load_style, style_text
from bot.qr.style.limits import BOUNDS
from storage.own import OwnKit
from storage.records import Code

CODES, KITS = "/v1/codes/", "/v1/kits/"
ENDINGS = {
    "png": "png",
    "jpg": "jpeg",
    "webp": "webp",
    "svg": "svg",
    "pdf": "pdf",
    "eps": "eps",
    "txt": "text",
}  # of addresses, to formats

Type = StrEnum("Type", [(name, name) for name in KINDS])  # type: ignore[misc]  # as many as there are
Style = Annotated[str, Field(max_length=500)] | dict[str, Any]
_STYLE = "a look in words (dots navy on white, size 800), a preset's name, or an object"
Picture = Annotated[str, Field(max_length=PICTURE)]
_LOGO = "a PNG, JPEG or WebP file in base64, for the middle"
_BACKDROP = "the same, to lie behind the symbol"


class _Looks(Body):
    """How something is to look; what is left out stays as it is."""

    format: Format | None = Field(None, description="the file format it is shown in")
    logo: Picture | None = Field(None, description=_LOGO)
    backdrop: Picture | None = Field(None, description=_BACKDROP)


class CodeBody(_Looks):
    """A code to make: what it says, and how it looks. Without ``style`` and ``kit``: your own look."""

    content: Content
    style: Style | None = Field(None, description=f"{_STYLE}; words change the kit's look where one is named")
    kit: str | None = Field(None, description="the id of a kit, whose look it gets", max_length=20)
    favourite: bool = False


class CodeChanges(_Looks):
    """What to change of a code; what is left out stays. A ``style`` takes the place of the whole look."""

    content: Content | None = None
    style: Style | None = Field(None, description=_STYLE)
    kit: str | None = Field(None, description="the id of a kit, whose look it gets", max_length=20)
    favourite: bool | None = None


class KitBody(_Looks):
    """A kit to keep: a look with a name, and maybe the format of codes made with it."""

    name: str = Field(description="what you call it", min_length=1, max_length=60)
    style: Style | None = Field(None, description=_STYLE)


class KitChanges(_Looks):
    """What to change of a kit; what is left out stays."""

    name: str | None = Field(None, description="what you call it", min_length=1, max_length=60)
    style: Style | None = Field(None, description=_STYLE)


class CodeQuery(Page):
    """Which codes to list."""

    q: str = Field("", max_length=200, description="words in what a code says")
    type: Type | None = Field(None, description="of this type alone")
    favourite: bool | None = Field(None, description="favourites alone, or all others")


class ImageQuery(Body):
    """How a picture is to be drawn this once; what is left out is as the code looks."""

    size: int | None = Field(
        None, ge=BOUNDS["size"].least, le=BOUNDS["size"].most, description="pixels of the longer side"
    )
    mm: float | None = Field(
        None,
        ge=BOUNDS["width"].least,
        le=BOUNDS["width"].most,
        description="width in print, in millimetres",
    )
    dpi: int | None = Field(
        None, ge=BOUNDS["dpi"].least, le=BOUNDS["dpi"].most, description="dots per inch of a print"
    )
    style: str = Field("", max_length=500, description="words that change the look")


class CodeAnswer(BaseModel):
    """A code that is kept. ``values`` are its content taken apart, ``images`` its addresses by format."""

    id: str
    type: str
    text: str = Field(description="what the symbol says")
    title: str = Field(description="what lists show: never a secret")
    values: dict[str, Any]
    style: str = Field(description="its look in words, as “style” takes them")
    look: dict[str, Any] = Field(description="the same as an object, as “style” takes it too")
    format: Format
    favourite: bool
    secret: bool = Field(description="it is shown to you alone: no link shows it to others")
    created_at: datetime
    url: str
    images: dict[str, str]


class CodeList(BaseModel):
    """A page of codes, the newest first; ``next`` is the cursor of the one after it."""

    items: list[CodeAnswer]
    next: str | None


class KitAnswer(BaseModel):
    """A kit that is kept."""

    id: str
    name: str
    style: str
    look: dict[str, Any]
    format: Format
    set_at: datetime
    url: str


class KitList(BaseModel):
    """All kits, the newest first: there are fifty at the most."""

    items: list[KitAnswer]
    next: None = None


class LinkBody(Body):
    """What an address is to show, and for how long."""

    format: Annotated[str, Field(pattern="^(png|jpg)$")] = "png"
    expires_in: int = Field(7 * 24 * 3600, ge=60, le=365 * 24 * 3600, description="seconds that it holds")


class LinkAnswer(BaseModel):
    """An address that shows a code's picture to whoever has it, until then."""

    url: str
    expires_at: datetime


def code_told(code: Code) -> CodeAnswer:
    """Lay a code out."""
    reading, url = interpret(code.text), f"{CODES}{code.id}"
    return CodeAnswer(
        id=code.id,
        type=code.kind,
        text=code.text,
        title=code.title,
        values=values_of(reading) if reading.kind == code.kind else {"text": code.text},
        **_looks(code.style),
        format=Format(code.format),
        favourite=code.favourite,
        secret=code.kind in SECRET_KINDS,
        created_at=code.created_at,
        url=url,
        images={ending: f"{url}.{ending}" for ending in ENDINGS},
    )


def kit_told(kit: OwnKit) -> KitAnswer:
    """Lay a kit out."""
    named, url = Format(kit.format), f"{KITS}{kit.id}"
    return KitAnswer(id=kit.id, name=kit.name, **_looks(kit.style), format=named, set_at=kit.set_at, url=url)


def _looks(stored: str) -> dict[str, Any]:
    style = load_style(stored)
    return {"style": style_text(style), "look": json.loads(dump_style(style))}
