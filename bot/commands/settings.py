"""How the bot speaks and answers: format, language, time zone, who sees what."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.cards import at_home
from bot.command import Arg, command
from bot.commands.looks import own_style
from bot.context import Context
from bot.i18n import LANGUAGES, Translator
from bot.looks import read_format
from bot.message import Button, Field, Outcome, Reply
from bot.preferences import REPLIES, read_language, read_replies, read_timezone
from bot.qr.output import OUTPUT
from bot.qr.style import style_text
from storage.changes import SetPreferences
from storage.records import Preferences


def _kept(context: Context, after: Preferences) -> tuple[SetPreferences, ...]:
    before = context.person.preferences
    return () if after == before else (SetPreferences(context.person.id, before, after),)


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
        Field(t("Style"), style_text(own_style(context))),
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
    changed = at_home(context) and bool(timezone or format or replies)  # by its own buttons: in place
    reply = Reply(title=t("Settings"), fields=fields, buttons=buttons, private=True, replace=changed)
    return Outcome(reply, _kept(context, after))


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
    reply = Reply(title=t("Language"), body=body, buttons=(buttons,), replace=at_home(context) and bool(to))
    return Outcome(reply, _kept(context, after))
