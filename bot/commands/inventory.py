"""For whoever runs this bot, in its console: keys, installations, places."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Outcome, Reply, Table
from bot.operating import inventory
from bot.operating.audit import OPERATING

LISTED = 20  # rows of a page


@command("keys", group=OPERATING, hidden=True, example="keys")
async def keys(context: Context) -> Outcome:
    """List the encryption keys by their ids, and how much each has sealed."""
    t, rows = context.t, []
    for each in await inventory.keys(context):
        held = t("encrypts and decrypts") if each.first else t("decrypts")
        rows.append((each.id, held if each.held else t("missing"), str(each.values)))
    heads = (t("Key"), t("What for"), t("Values"))
    return Outcome(Reply(title=t("Keys"), table=Table(heads, tuple(rows)), private=True))


@command("installations", group=OPERATING, hidden=True, example="installations")
async def installations(context: Context) -> Outcome:
    """List the Slack workspaces that installed the app."""
    t, found = context.t, await inventory.installations(context)
    if not found:
        return Outcome(Reply(title=t("Installations"), body=t("Nothing found.")))
    rows = tuple(
        (each.id, each.name, _day(each.installed_at), _ends(context, each.expires_at), each.scopes)
        for each in found
    )
    heads = (t("Workspace"), t("Name"), t("Since"), t("Token ends (UTC)"), t("Scopes"))
    return Outcome(Reply(title=t("Installations"), table=Table(heads, rows), private=True))


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at is not None else ""


def _ends(context: Context, at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at is not None else context.t("never")


@command("places", group=OPERATING, hidden=True, example="places")
async def places(
    context: Context,
    after: Annotated[str, Arg("the place before", slash=True, named=True)] = "",
) -> Outcome:
    """List the groups and channels that have a kit, and the places that take nothing."""
    t, found = context.t, await inventory.places(context, after, limit=LISTED + 1)
    if not found:
        return Outcome(Reply(title=t("Places"), body=t("Nothing found.")))
    page = found[:LISTED]
    rows = tuple(
        (each.space, _day(each.kit_at), each.kit_by or "", _day(each.closed_at), each.why or "")
        for each in page
    )
    heads = (t("Place"), t("Kit since"), t("Set by"), t("Closed since"), t("Reason"))
    more = ((Button(t("More"), f"/places after={page[-1].space}"),),) if len(found) > LISTED else ()
    return Outcome(Reply(title=t("Places"), table=Table(heads, rows), buttons=more, private=True))
