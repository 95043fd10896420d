"""The bodies of the HTTP API: one model a kind of content, made from the kind's own definition."""

from __future__ import annotations

import dataclasses
import functools
import operator
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    TypeAdapter,
    WithJsonSchema,
    create_model,
)

from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS, Kind, Reading
from bot.qr.reading import Found

PICTURE = 2_000_000  # characters of a picture in base64
LONGEST = 8_000  # characters of one text: more than the largest symbol holds
DIGITS = 64  # characters of a number that is sent as a text, so that none of its digits are lost


def content_model(kind: Kind[Any]) -> type[BaseModel]:
    """Make the body of a kind: ``type`` is its name, and each of its values has its own field."""
    hints = get_type_hints(kind.content, include_extras=True)
    values = {field.name: _field(hints[field.name], field) for field in dataclasses.fields(kind.content)}
    named: dict[str, Any] = {"type": (Literal[kind.name], ...), **values}
    name = "".join(part.capitalize() for part in kind.name.split("_"))
    return create_model(f"{name}Content", __doc__=kind.summary, __config__=_STRICT, **named)


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > DIGITS:
        raise ValueError("too many digits")
    return value


_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "maxLength": DIGITS}]}
Number = Annotated[Decimal, BeforeValidator(_short), WithJsonSchema(_NUMBER)]
_EXACT: dict[Any, Any] = {Decimal: Number, bool: StrictBool, int: StrictInt}
_STRICT = ConfigDict(extra="forbid", str_max_length=LONGEST)


def _typed(annotation: Any) -> Any:
    """Give the type that a body has for a content's: nothing taken for a number that is none, for one."""
    if isinstance(annotation, UnionType):
        return functools.reduce(operator.or_, map(_typed, get_args(annotation)))
    if annotation in _EXACT:
        return _EXACT[annotation]
    return _part(annotation) if dataclasses.is_dataclass(annotation) else annotation


def _part(part: Any) -> Any:
    """Make the body of a part of a content, such as an address: it is one, with its fields described."""
    hints = get_type_hints(part, include_extras=True)
    values = [
        (each.name, _described(*_named(hints[each.name])), dataclasses.field(default=each.default))
        for each in dataclasses.fields(part)
    ]
    made: Any = dataclasses.make_dataclass(part.__name__, values, bases=(part,), frozen=True)
    made.__pydantic_config__ = _STRICT
    return made


def _described(annotation: Any, label: str) -> Any:
    return Annotated[_typed(annotation), Field(description=label)]


def _named(hint: Any) -> tuple[Any, str]:
    """Take a type and what it is called to people out of an annotation."""
    if get_origin(hint) is not Annotated:
        return hint, ""
    annotation, value = get_args(hint)[:2]
    return annotation, value.label


def _field(hint: Any, field: dataclasses.Field[Any]) -> tuple[Any, Any]:
    annotation = _described(*_named(hint))
    if field.default_factory is not dataclasses.MISSING:
        return annotation, Field(default_factory=field.default_factory)
    return annotation, ... if field.default is dataclasses.MISSING else field.default


MODELS: dict[str, type[BaseModel]] = {name: content_model(kind) for name, kind in KINDS.items()}
_ANY: Any = functools.reduce(operator.or_, MODELS.values())
Content = Annotated[_ANY, Field(discriminator="type")]
Format = StrEnum("Format", [(name, name) for name in OUTPUT])  # type: ignore[misc]  # as many as there are


class RenderBody(BaseModel):
    """What to draw: the content, how it looks, the file format; pictures for the look in base64."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "content": {"type": "url", "url": "https://example.com/menu"},
                    "style": 'dots #1a2b3c on white, eyes rounded, frame "Scan me"',
                    "format": "svg",
                },
                {"content": {"type": "text", "text": "hello"}, "style": "ocean", "format": "pdf"},
                {
                    "content": {"type": "text", "text": "hello"},
                    "style": {"modules": "dot", "dark": "navy", "frame": {"name": "banner", "caption": "Hi"}},
                },
            ]
        },
    )

    content: Content = Field(description="what the code says")
    style: Annotated[str, Field(max_length=500)] | dict[str, Any] = Field(
        "", description="a look in words (dots navy on white, size 800), a preset's name, or an object"
    )
    format: Format = Field(Format("png"), description="of the file")
    logo: str = Field("", description="a PNG, JPEG or WebP file in base64", max_length=PICTURE)
    backdrop: str = Field("", description="the same, to lie behind the symbol", max_length=PICTURE)


class ProveAnswer(BaseModel):
    """How surely a code scans: a score of 100, its grade, how many steps of each condition it bears."""

    score: int = Field(description="of 100", ge=0, le=100, examples=[96])
    grade: str = Field(description="A to D, F where it does not scan", examples=["A"])
    conditions: dict[str, ConditionBorne] = Field(
        description="what makes reading hard, by its name", examples=[{"blur": {"read": 5, "steps": 6}}]
    )
    advice: list[str] = Field(
        description="what would help, in the language asked for",
        examples=[["Print it at least 20 mm wide to be read from an arm's length."]],
    )


class ConditionBorne(BaseModel):
    """One condition: how many of its steps the code was read under."""

    read: int = Field(description="steps that it was read under", examples=[5])
    steps: int = Field(description="steps that there are", examples=[6])


class CodeFound(BaseModel):
    """One code of a picture: what it says, taken apart, and what is worth knowing about it."""

    text: str = Field(description="what it says", examples=["WIFI:T:WPA;S:Guest;P:long enough;;"])
    type: str = Field(description="the kind of content that this is", examples=["wifi"])
    symbology: str = Field(description="the kind of code", examples=["QR Code"])
    values: dict[str, Any] = Field(
        description="what it says, by field", examples=[{"ssid": "Guest", "password": "long enough"}]
    )
    warnings: list[str] = Field(
        description="what is worth knowing before it is used", examples=[["Anybody can read this password."]]
    )
    corners: list[tuple[int, int]] = Field(
        description="where it is, in pixels, from its top left",
        examples=[[[40, 40], [410, 40], [410, 410], [40, 410]]],
    )
    page: int = Field(description="of a file with several, from 1", examples=[1])


class ReadAnswer(BaseModel):
    """The codes of a picture, from the top left."""

    codes: list[CodeFound] = Field(description="what was found")


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
