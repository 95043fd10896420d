"""Help, privacy, cancel."""

from __future__ import annotations

from typing import Annotated

from bot.access import refuse_off
from bot.command import Arg, Command, command, usage
from bot.context import Context
from bot.i18n import mark
from bot.message import Button, Field, Outcome, Reply, Status, Tone
from bot.operating.audit import OPERATING
from storage.changes import DropDraft

GROUPS = (
    ("make", mark("Make")),
    ("pay", mark("Payments: /pay, or one of these")),
    ("more", mark("More kinds")),
    ("read", mark("Read")),
    ("keep", mark("Yours")),
    ("about", mark("About")),
    (OPERATING, mark("For whoever runs this bot")),
)
BRIEF = {"pay", "more"}  # groups of which only the words are listed


@command("help", group="about", example="help wifi")
async def help_(
    context: Context, about: Annotated[str, Arg("the command to explain", word=True)] = ""
) -> Outcome:
    """Show what I can do, or explain one command."""
    t, word = context.t, about.lstrip("/").lower()
    if not word:
        shown = [each for each in context.commands.values() if not (each.hidden or each.of)]
        lines = [
            _group(context, t(label), [each for each in shown if each.group == group], group in BRIEF)
            for group, label in GROUPS
            if any(each.group == group for each in shown)
        ]
        title = t("What I can do")
        body = "\n\n".join((*_on_slack(context), *lines))
        make = () if "qr" in context.off else ((Button(t("Make one"), "/qr"),),)
        return Outcome(Reply(title=title, body=body, buttons=make))
    refuse_off(context.off, word)
    found = context.commands.get(word)
    if found is None or found.hidden:
        body = t("There is no command “/{word}”.", word=word)
        return Outcome(
            Reply(body=body, buttons=((Button(t("What I can do"), "/help"),),), status=Status.MISSING)
        )
    return Outcome(_explain(context, found))


def _on_slack(context: Context) -> tuple[str, ...]:
    """Say how one speaks to me on Slack, which has one command for all, and none in threads."""
    if context.request.actor.platform != "slack":
        return ()
    return (
        context.t(
            "On Slack every word follows /qr: “/qr wifi” asks for a network, “/qr some text” makes a code of "
            "that text, and “/qr” alone opens the form. Only you see the answer until you share it. Slack "
            "takes no commands in threads: mention me there, and I answer in the thread."
        ),
        context.t("In a channel that I am not in, say /invite @qr first; then I answer for all there, too."),
    )


def _line(context: Context, words: str) -> str:
    """Write a command as it is typed where somebody is."""
    behind = context.request.actor.platform == "slack" and words.partition(" ")[0] != "qr"
    return f"/qr {words}" if behind else f"/{words}"


def _group(context: Context, label: str, commands: list[Command], brief: bool) -> str:
    if brief:
        return f"{label}\n{'  '.join(f'/{each.name}' for each in commands)}"
    told = (f"{_line(context, each.name)} – {context.t(each.summary)}" for each in commands)
    return "\n".join([label, *told])


def _explain(context: Context, found: Command) -> Reply:
    t = context.t
    fields = [Field(t("Say"), _line(context, usage(found)))]
    fields += [Field(param.name, t(param.arg.help)) for param in found.params]
    if found.example:
        fields.append(Field(t("Example"), _line(context, found.example)))
    return Reply(title=_line(context, found.name), body=t(found.summary), fields=tuple(fields))


@command("privacy", group="about")
async def privacy(context: Context) -> Outcome:
    """Say what is kept about you, and how to have it deleted."""
    t = context.t
    body = t(
        "I keep the codes you make and your settings, so that you find them again. They are encrypted where "
        "they are stored, with a key kept elsewhere. Pictures you send are read and not kept, but for your "
        "logos and backgrounds. What is read is kept for a day, for the buttons beside it. One-time "
        "passwords are never kept. Nothing goes to anybody else; only those who run this bot can reach the "
        "server. You can take everything with you, or have it deleted at once."
    )
    if context.request.actor.platform == "telegram":
        typed = t(
            "What you type after my name in other chats is kept for an hour at most, while its pictures are "
            "fetched. Where a chat is kept for pictures, its members see them."
        )
        body = f"{body}\n{typed}"
    if context.request.actor.platform == "slack":
        removed = t(
            "If this workspace removes the app, its access ends at once, and what was made here is deleted "
            "30 days later, unless the app is installed again."
        )
        body = f"{body}\n{removed}"
    buttons = (
        (Button(t("Export"), "/export"), Button(t("Delete everything"), "/forgetme", tone=Tone.DANGER)),
    )
    return Outcome(Reply(title=t("Privacy"), body=body, buttons=buttons))


@command("cancel", group="about")
async def cancel(context: Context) -> Outcome:
    """Stop what you were filling in."""
    t, draft = context.t, context.draft
    if draft is None:
        return Outcome(Reply(body=t("There is nothing to stop.")))
    said = Reply(body=t("Stopped. Nothing was made."), replace=context.request.pressed)
    return Outcome(said, (DropDraft(draft.person_id, draft.space),))
