"""The bodies of codes and kits that are kept, and of the answers about them."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, StrictInt

from adapters.web.paging import Page
from adapters.web.schemas.base import ID, MOMENT, Body, such_as
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


_WORDS = "dots #000080 on #ffffff, eyes rounded"
_LOOK = {"dark": "#000080", "light": "#ffffff", "size": 1024, "quiet_zone": 4, "level": "M", "modules": "dot"}


class _Looks(Body):
    """How something is to look; what is left out stays as it is."""

    format: Format | None = Field(None, description="the file format it is shown in")
    logo: Picture | None = Field(None, description=_LOGO)
    backdrop: Picture | None = Field(None, description=_BACKDROP)


class CodeBody(_Looks):
    """A code to make: what it says, and how it looks. Without ``style`` and ``kit``: your own look."""

    model_config = such_as(
        {
            "content": {"type": "url", "url": "https://example.com/menu"},
            "style": "dots navy on white, eyes rounded",
        },
        {"content": {"type": "text", "text": "hello"}, "style": {"dark": "navy"}, "favourite": True},
    )

    content: Content = Field(description="what it says")
    style: Style | None = Field(None, description=f"{_STYLE}; words change the kit's look where one is named")
    kit: str | None = Field(None, description="the id of a kit, whose look it gets", max_length=20)
    favourite: StrictBool = Field(False, description="whether it is one")


class CodeChanges(_Looks):
    """What to change of a code; what is left out stays. A ``style`` takes the place of the whole look."""

    model_config = such_as(
        {"style": "ocean"},
        {"content": {"type": "url", "url": "https://example.com/lunch"}},
        {"favourite": True},
    )

    content: Content | None = Field(None, description="what it is to say")
    style: Style | None = Field(None, description=_STYLE)
    kit: str | None = Field(None, description="the id of a kit, whose look it gets", max_length=20)
    favourite: StrictBool | None = Field(None, description="whether it is one")


class KitBody(_Looks):
    """A kit to keep: a look with a name, and maybe the format of codes made with it."""

    model_config = such_as({"name": "Our house", "style": "dots navy on white", "format": "svg"})

    name: str = Field(description="what you call it", min_length=1, max_length=60)
    style: Style | None = Field(None, description=_STYLE)


class KitChanges(_Looks):
    """What to change of a kit; what is left out stays."""

    model_config = such_as({"name": "Our summer house"}, {"style": "ocean"})

    name: str | None = Field(None, description="what you call it", min_length=1, max_length=60)
    style: Style | None = Field(None, description=_STYLE)


class CodeQuery(Page):
    """Which codes to list."""

    q: str = Field("", max_length=200, description="words in what a code says", examples=["menu"])
    type: Type | None = Field(None, description="of this type alone", examples=["url"])
    favourite: bool | None = Field(None, description="favourites alone, or all others", examples=[True])


class ImageQuery(Body):
    """How a picture is to be drawn this once; what is left out is as the code looks."""

    size: int | None = Field(
        None,
        ge=BOUNDS["size"].least,
        le=BOUNDS["size"].most,
        description="pixels of the longer side",
        examples=[800],
    )
    mm: float | None = Field(
        None,
        ge=BOUNDS["width"].least,
        le=BOUNDS["width"].most,
        description="width in print, in millimetres",
        examples=[30],
    )
    dpi: int | None = Field(
        None,
        ge=BOUNDS["dpi"].least,
        le=BOUNDS["dpi"].most,
        description="dots per inch of a print",
        examples=[300],
    )
    style: str = Field("", max_length=500, description="words that change the look", examples=["ocean"])


class CodeAnswer(BaseModel):
    """A code that is kept. ``values`` are its content taken apart, ``images`` its addresses by format."""

    id: str = Field(description="what it is known by", examples=[ID])
    type: str = Field(description="the kind of content", examples=["url"])
    text: str = Field(description="what the symbol says", examples=["https://example.com/menu"])
    title: str = Field(description="what lists show: never a secret", examples=["example.com/menu"])
    values: dict[str, Any] = Field(
        description="what it says, by field", examples=[{"url": "https://example.com/menu"}]
    )
    style: str = Field(description="its look in words, as “style” takes them", examples=[_WORDS])
    look: dict[str, Any] = Field(
        description="the same as an object, as “style” takes it too", examples=[_LOOK]
    )
    format: Format = Field(description="the file format it is shown in", examples=["png"])
    favourite: bool = Field(description="whether it is one", examples=[False])
    secret: bool = Field(description="it is shown to you alone: no link shows it to others", examples=[False])
    created_at: datetime = Field(description="when it was made", examples=[MOMENT])
    url: str = Field(description="where it is", examples=[f"{CODES}{ID}"])
    images: dict[str, str] = Field(
        description="where its pictures are, by ending", examples=[{"png": f"{CODES}{ID}.png"}]
    )


class CodeList(BaseModel):
    """A page of codes, the newest first; ``next`` is the cursor of the one after it."""

    items: list[CodeAnswer] = Field(description="the codes of this page")
    next: str | None = Field(description="the cursor of the next page, null on the last", examples=[None])


class KitAnswer(BaseModel):
    """A kit that is kept."""

    id: str = Field(description="what it is known by", examples=[ID])
    name: str = Field(description="what you call it", examples=["Our house"])
    style: str = Field(description="its look in words, as “style” takes them", examples=[_WORDS])
    look: dict[str, Any] = Field(
        description="the same as an object, as “style” takes it too", examples=[_LOOK]
    )
    format: Format = Field(description="the file format of codes made with it", examples=["svg"])
    set_at: datetime = Field(description="when it was made or changed", examples=[MOMENT])
    url: str = Field(description="where it is", examples=[f"{KITS}{ID}"])


class KitList(BaseModel):
    """All kits, the newest first: there are fifty at the most."""

    items: list[KitAnswer] = Field(description="your kits")
    next: None = Field(None, description="there is no other page")


class LinkBody(Body):
    """What an address is to show, and for how long."""

    format: Annotated[str, Field(pattern="^(png|jpg)$")] = Field("png", description="png or jpg")
    expires_in: StrictInt = Field(
        7 * 24 * 3600, ge=60, le=365 * 24 * 3600, description="seconds that it holds"
    )


class LinkAnswer(BaseModel):
    """An address that shows a code's picture to whoever has it, until then."""

    url: str = Field(
        description="the address", examples=["https://qr.example.org/i/7K3FABCDEF.0.1905249600.hV2bQx0.png"]
    )
    expires_at: datetime = Field(description="until when it holds", examples=[MOMENT])


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
