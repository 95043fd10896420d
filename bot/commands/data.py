"""Take everything with you, or have it deleted."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, File, Outcome, Reply, Status, Tone
from storage.changes import ForgetPerson


async def everything(context: Context) -> tuple[File, int]:
    """Write down everything kept about who asks, and count the codes in it."""
    held = await context.work.codes.page(context.person.id, limit=1_000_000)
    told = {
        "person": asdict(context.person),
        "connected": [asdict(join) for join in await context.work.pairings.joins(context.person.id)],
        "codes": [asdict(code) for code in held.codes],
        "read": [asdict(each) for each in await context.work.readings.of(context.person.id, context.now)],
    }
    told["shown"] = [asdict(each) for each in await context.work.messages.of(context.person.id)]
    told["inline"] = [asdict(each) for each in await context.work.previews.of(context.person.id, context.now)]
    told["boards"] = [asdict(each) for each in await context.work.boards.of(context.person.id)]
    kept = await context.work.assets.of(context.person.id)
    told["kits"] = [asdict(each) for each in await context.work.kits.of(context.person.id)]
    told["pictures"] = [asdict(each) | {"data": b64encode(each.data).decode()} for each in kept]
    text = json.dumps(told, default=str, ensure_ascii=False, indent=2)
    return File("qr-gen-export.json", text=text, media_type="application/json"), held.total


@command("export", group="about")
async def export(context: Context) -> Outcome:
    """Give you everything kept about you, as a file."""
    file, codes = await everything(context)
    body = context.t.many("Here is everything: {count} code.", "Here is everything: {count} codes.", codes)
    return Outcome(Reply(title=context.t("Export"), body=body, files=(file,), private=True))


@command("forgetme", group="about")
async def forgetme(context: Context, confirm: Annotated[bool, Arg("really")] = False) -> Outcome:
    """Delete everything kept about you."""
    t = context.t
    if context.new:
        return Outcome(Reply(body=t("There is nothing kept about you."), private=True))
    if confirm:
        return Outcome(
            Reply(body=t("Everything about you is deleted."), replace=True, private=True),
            (ForgetPerson(context.person.id),),
        )
    buttons = (
        Button(t("Delete everything"), "/forgetme confirm=yes", tone=Tone.DANGER),
        Button(t("Export first"), "/export"),
    )
    body = t("This deletes all your codes and settings at once, and cannot be undone.")
    return Outcome(Reply(title=t("Delete everything?"), body=body, buttons=(buttons,), private=True))


@command("unsay", group="about", hidden=True)
async def unsay(
    context: Context, message: Annotated[str, Arg("which message", rest=True, slash=True)]
) -> Outcome:
    """Delete a message of yours that holds a secret, where the platform lets me."""
    sorry = context.t("I cannot delete that message. Please delete it yourself.")
    return Outcome(Reply(body=sorry, unsay=message, status=Status.REFUSED))
