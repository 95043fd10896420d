"""The bodies of the HTTP API: one model a kind of content, made from the kind's own definition."""

from __future__ import annotations

import dataclasses
import functools
import operator
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS, Kind, Reading
from bot.qr.reading import Found

PICTURE = 2_000_000  # characters of a picture in base64
LONGEST = 8_000  # characters of one text: more than the largest symbol holds


def content_model(kind: Kind[Any]) -> type[BaseModel]:
    """Make the body of a kind: ``type`` is its name, and each of its values has its own field."""
    hints = get_type_hints(kind.content, include_extras=True)
    values = {field.name: _field(hints[field.name], field) for field in dataclasses.fields(kind.content)}
    named: dict[str, Any] = {"type": (Literal[kind.name], ...), **values}
    name = "".join(part.capitalize() for part in kind.name.split("_"))
    return create_model(f"{name}Content", __doc__=kind.summary, __config__=_STRICT, **named)


_STRICT = ConfigDict(extra="forbid", str_max_length=LONGEST)


def _field(hint: Any, field: dataclasses.Field[Any]) -> tuple[Any, Any]:
    annotation, label = hint, ""
    if get_origin(hint) is Annotated:
        annotation, value = get_args(hint)[:2]
        label = value.label
    if field.default_factory is not dataclasses.MISSING:
        return annotation, Field(default_factory=field.default_factory, description=label)
    default = ... if field.default is dataclasses.MISSING else field.default
    return annotation, Field(default, description=label)


MODELS: dict[str, type[BaseModel]] = {name: content_model(kind) for name, kind in KINDS.items()}
_ANY: Any = functools.reduce(operator.or_, MODELS.values())
Content = Annotated[_ANY, Field(discriminator="type")]
Format = StrEnum("Format", [(name, name) for name in OUTPUT])  # type: ignore[misc]  # as many as there are


class RenderBody(BaseModel):
    """What to draw: the content, how it looks, the file format; pictures for the look in base64."""

    model_config = ConfigDict(extra="forbid")

    content: Content
    style: Annotated[str, Field(max_length=500)] | dict[str, Any] = Field(
        "", description="a look in words (dots navy on white, size 800), a preset's name, or an object"
    )
    format: Format = Format("png")
    logo: str = Field("", description="a PNG, JPEG or WebP file in base64", max_length=PICTURE)
    backdrop: str = Field("", description="the same, to lie behind the symbol", max_length=PICTURE)


class ProveAnswer(BaseModel):
    """How surely a code scans: a score of 100, its grade, how many steps of each condition it bears."""

    score: int
    grade: str
    conditions: dict[str, ConditionBorne]
    advice: list[str]


class ConditionBorne(BaseModel):
    """One condition: how many of its steps the code was read under."""

    read: int
    steps: int


class CodeFound(BaseModel):
    """One code of a picture: what it says, taken apart, and what is worth knowing about it."""

    text: str
    type: str
    symbology: str
    values: dict[str, Any]
    warnings: list[str]
    corners: list[tuple[int, int]]
    page: int


class ReadAnswer(BaseModel):
    """The codes of a picture, from the top left."""

    codes: list[CodeFound]


def content_of(body: BaseModel) -> tuple[Kind[Any], Any]:
    """Give the kind and the content that a body stands for."""
    kind = KINDS[body.type]  # type: ignore[attr-defined]  # every model of MODELS has one
    values = {field.name: getattr(body, field.name) for field in dataclasses.fields(kind.content)}
    return kind, kind.content(**values)


def found_of(found: Found, reading: Reading[Any], warnings: list[str]) -> CodeFound:
    """Lay one read code out."""
    return CodeFound(
        text=found.text,
        type=reading.kind,
        symbology=found.format,
        values=values_of(reading),
        warnings=warnings,
        corners=list(found.corners),
        page=found.page,
    )


def values_of(reading: Reading[Any]) -> dict[str, Any]:
    """Lay out what a text says, taken apart: the values that say more than the defaults."""
    told: dict[str, Any] = TypeAdapter(type(reading.content)).dump_python(
        reading.content, mode="json", exclude_defaults=True
    )
    return told
