"""For whoever runs this bot, in its console: speaking as somebody else, and what was done there."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Outcome, Reply, Table
from bot.operating.audit import OPERATING, actions
from bot.qr.refusal import Refused

Account = Annotated[str, Arg("an account, as telegram:123", slash=True)]
LISTED = 20  # rows of a page


@command("audit", group=OPERATING, hidden=True, example="audit deleteaccount")
async def audit(
    context: Context,
    search: Annotated[str, Arg("words to look for", rest=True, slash=True)] = "",
    before: Annotated[int, Arg("the row before", slash=True, named=True)] = 0,
) -> Outcome:
    """List what operators did, the latest first."""
    t, found = context.t, await actions(context, search.split(), before, limit=LISTED + 1)
    if not found:
        return Outcome(Reply(title=t("Audit log"), body=t("Nothing found.")))
    page = found[:LISTED]
    rows = tuple(
        (f"{each.at:%Y-%m-%d %H:%M:%S}", each.who, each.word, each.about, each.result) for each in page
    )
    heads = (t("When (UTC)"), t("Who"), t("Word"), t("About"), t("Result"))
    following = f"/audit before={page[-1].sequence} -- {search}".removesuffix(" -- ")
    more = ((Button(t("More"), following),),) if len(found) > LISTED else ()
    return Outcome(Reply(title=t("Audit log"), table=Table(heads, rows), buttons=more, private=True))


@command("as", group=OPERATING, hidden=True, example="as telegram:123")
async def as_(context: Context, account: Account = "") -> Outcome:
    """Say everything as another person, in their private space; “as” alone goes back."""
    t, people = context.t, context.work.people
    if not account:
        return Outcome(Reply(body=t("You speak as yourself again.")))
    platform, _, id = account.partition(":")
    person = await people.by_account(platform, id)
    if person is None:
        raise Refused("Nobody who has spoken to me has the account {account}.", account=account)
    [name] = [each.name for each in person.identities if each.external_id == id and each.platform == platform]
    body = t(
        "All you say is now said by {name} ({account}), in their private space, and stands in the audit log. "
        "“as” alone goes back.",
        name=name or person.id,
        account=account,
    )
    return Outcome(Reply(body=body, private=True), about=account)
