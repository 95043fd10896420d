"""How codes look by default, and how the bot speaks; a space's kit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from bot.app import Context
from bot.command import Arg, command
from bot.commands.make import read_format, read_look
from bot.i18n import LANGUAGES, Translator
from bot.message import Button, Field, Outcome, Reply, Status
from bot.qr.output import OUTPUT
from bot.qr.payloads import Payload
from bot.qr.picture import Picture
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, dump_style, load_style, parse_style, style_text
from storage.records import ClearKit, Kit, Preferences, SetKit, SetPreferences

SAMPLE = Payload("https://example.com", "url")
REPLIES = ("private", "shared")  # who sees the answers in a group or channel


@cache
def _timezones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def read_timezone(text: str) -> str:
    """Read a time zone's name, in any case, with spaces where it has underscores."""
    found = _timezones().get(text.strip().replace(" ", "_").casefold())
    if found is None:
        raise Refused("I do not know the time zone “{given}”. Say for example Europe/Berlin.", given=text)
    return found


def read_replies(text: str) -> str:
    """Read who sees the answers in a group or channel."""
    if text.lower() not in REPLIES:
        raise Refused("Answers are private or shared, not “{given}”.", given=text)
    return text.lower()


def read_look_or(word: str) -> Callable[[str], str]:
    """Make the function that reads a look, or this word in its place."""
    return lambda text: word if text.strip().lower() == word else read_look(text)


def read_language(text: str) -> str:
    """Read a language by its code or its own name."""
    for code, name in LANGUAGES.items():
        if text.casefold() in (code, name.casefold()):
            return code
    raise Refused(
        "I do not speak “{given}” yet. I speak {languages}.",
        given=text,
        languages=", ".join(LANGUAGES.values()),
    )


def _style_of(context: Context) -> Style:
    stored = context.person.preferences.style
    return load_style(stored) if stored else DEFAULT


def _kept(context: Context, after: Preferences) -> tuple[SetPreferences, ...]:
    before = context.person.preferences
    return () if after == before else (SetPreferences(context.person.id, before, after),)


@command("style", group="keep", example="style navy on white, size 800")
async def style(
    context: Context,
    look: Annotated[
        str, Arg("colours, size, level, margin; or default", rest=True, read=read_look_or("default"))
    ] = "",
) -> Outcome:
    """Show or change how your codes look."""
    t = context.t
    chosen = DEFAULT if look == "default" else parse_style(look, _style_of(context))
    after = replace(context.person.preferences, style=dump_style(chosen) if chosen != DEFAULT else "")
    body = t("Your codes look like this: {style}", style=style_text(chosen))
    buttons = (
        tuple(Button(name, f"/style {name} on white") for name in ("black", "navy", "darkgreen")),
        tuple(Button(f"{t('Level')} {level}", f"/style level {level}") for level in ("M", "Q", "H")),
    )
    picture = Picture(SAMPLE, chosen)
    return Outcome(
        Reply(title=t("Style"), body=body, picture=picture, buttons=buttons), _kept(context, after)
    )


@command("settings", group="keep", example="settings timezone=Europe/Berlin")
async def settings(
    context: Context,
    timezone: Annotated[str, Arg("time zone", read=read_timezone)] = "",
    format: Annotated[str, Arg("file format", read=read_format, suggest=tuple(OUTPUT))] = "",
    replies: Annotated[str, Arg("who sees answers in groups", read=read_replies, suggest=REPLIES)] = "",
) -> Outcome:
    """Show or change your settings."""
    t, before = context.t, context.person.preferences
    after = replace(
        before,
        timezone=timezone or before.timezone,
        format=format or before.format,
        replies=replies or before.replies,
    )
    fields = (
        Field(t("Style"), style_text(_style_of(context))),
        Field(t("File format"), (after.format or "png").upper()),
        Field(t("Language"), LANGUAGES[t.language]),
        Field(t("Time zone"), after.timezone or "UTC"),
        Field(t("Answers in groups"), t(after.replies) if after.replies else t("as usual there")),
    )
    buttons = (
        tuple(Button(name.upper(), f"/settings format={name}") for name in ("png", "svg", "pdf")),
        (
            Button(t("Private answers"), "/settings replies=private"),
            Button(t("Shared answers"), "/settings replies=shared"),
        ),
        (Button(t("Style"), "/style"), Button(t("Language"), "/language")),
    )
    return Outcome(
        Reply(title=t("Settings"), fields=fields, buttons=buttons, private=True), _kept(context, after)
    )


@command("language", group="keep", example="language Deutsch")
async def language(
    context: Context,
    to: Annotated[str, Arg("language", read=read_language, suggest=tuple(LANGUAGES))] = "",
) -> Outcome:
    """Choose the language I speak with you."""
    t = Translator(to) if to else context.t
    after = replace(context.person.preferences, language=to or context.person.preferences.language)
    body = t("I speak {language} with you.", language=LANGUAGES[t.language])
    buttons = tuple(Button(name, f"/language {code}") for code, name in LANGUAGES.items())
    return Outcome(Reply(title=t("Language"), body=body, buttons=(buttons,)), _kept(context, after))


@command("kit", group="keep", example="kit navy on white")
async def kit(
    context: Context,
    look: Annotated[
        str,
        Arg("colours, size, level, margin; or clear", rest=True, slash=True, read=read_look_or("clear")),
    ] = "",
) -> Outcome:
    """Show or set the look that all codes made in this group or channel get."""
    t, space = context.t, context.request.space
    if space.private:
        return Outcome(
            Reply(body=t("A kit is for a group or channel. Your own look is /style."), status=Status.REFUSED)
        )
    if not look:
        shown = style_text(context.style) if context.kit else t("none; everybody's own style is used")
        return Outcome(Reply(title=t("Kit"), body=t("The look of codes made here: {style}", style=shown)))
    if context.request.admin is None:
        return Outcome(None, jobs=(context.request,))
    if not context.request.admin:
        return Outcome(
            Reply(body=t("Only admins of this place can set its kit."), status=Status.REFUSED, private=True)
        )
    if look == "clear":
        return Outcome(
            Reply(body=t("The kit is gone; everybody's own style is used.")), (ClearKit(space.key),)
        )
    chosen = parse_style(look)
    made = Kit(space.key, dump_style(chosen), "", context.person.id, context.now)
    body = t("The look of codes made here: {style}", style=style_text(chosen))
    return Outcome(Reply(title=t("Kit"), body=body, picture=Picture(SAMPLE, chosen)), (SetKit(made),))
