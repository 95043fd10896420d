"""What is for one person's eyes is seen by nobody else: whatever was pressed, and whatever goes wrong."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import steps, uploads
from adapters.slack.serve import face, open_slack
from bot.face import Address, Face, TryLater, Undeliverable
from bot.message import Button, File, Reply
from tests.adapters.slack_sending import PICTURE, SAVED, WORDS, draw, mentioned, said, under
from tests.fakes import FakeSlack
from tests.fakes.slack import Channel, Person

FOREVER = 2**40
GO = ((Button("Go", "go", here=True),),)
MINE = replace(WORDS, private=True, buttons=GO)
REPLIES = {
    "words": MINE,
    "picture": replace(SAVED, private=True, buttons=GO),
    "files": replace(MINE, files=(File("mine.svg", PICTURE),)),
    "secret": Reply("mine", picture=PICTURE, private=True, secret=True, buttons=GO),
    "secret that says it is shared": Reply("mine", picture=PICTURE, shared=True, secret=True, buttons=GO),
    "too long for one": replace(MINE, body="mine " * 4000),
}
TROUBLES: dict[str, Callable[[FakeSlack, Person, Channel], Any]] = {
    "none": lambda slack, ada, place: None,
    "the address is used up": lambda slack, ada, place: slack.fail("response_url", times=9, status=404),
    "the address fails": lambda slack, ada, place: slack.fail("response_url", times=1, status=500),
    "nothing ephemeral": lambda slack, ada, place: slack.fail("chat.postEphemeral", times=9, status=500),
    "no uploads": lambda slack, ada, place: slack.fail("files.getUploadURLExternal", times=9, status=500),
    "put out": lambda slack, ada, place: place.members.discard(slack.bot_user),
    "archived": lambda slack, ada, place: setattr(place, "archived", True),
    "no direct messages": lambda slack, ada, place: setattr(ada, "closed", "cannot_dm_bot"),
}


@pytest.fixture(params=[False, True], ids=["apart", "public"])
async def sending(
    slack: FakeSlack, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Face]:
    """Give the face of a bot with and without a public address, at which Slack finds no picture."""
    monkeypatch.setattr(steps, "PAUSES", (0.0,))
    monkeypatch.setattr(uploads, "LOOKS", (0.0,))
    address = (lambda code, version: f"https://qr.example/i/{code}.png") if request.param else None
    async with open_slack(slack.bot_token, slack.api_url, address) as opened:
        yield face(opened)


async def places(slack: FakeSlack, shown: Face, ada: Person, general: Channel) -> dict[str, Address]:
    """Say where answers may be asked for: a command, presses, mentions, and where no channel is."""
    there = mentioned(slack, ada, general)
    await shown.send(there, replace(SAVED, picture=None, body="for all"), draw)
    (public,) = slack.visible(general, ada)
    await shown.send(await said(slack, ada, general), replace(MINE, body="for one"), draw)
    own = slack.visible(general, ada)[-1]
    return {
        "command": await said(slack, ada, general),
        "press for all": await under(slack, ada, public),
        "press for one": {**await under(slack, ada, own), "aside": 1},
        "mention": {**there, "until": FOREVER, "below": 1},
        "mention long ago": {**there, "until": 1},
        "alone": {"team": slack.team, "channel": "", "user": ada.id, "alone": 1},
    }


def seen(slack: FakeSlack, place: Channel, who: Person) -> list[tuple[str, str]]:
    """Tell what somebody sees in a place: when, and what."""
    return [(each.ts, f"{each.text} {each.blocks} {each.files}") for each in slack.visible(place, who)]


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("kind", REPLIES)
async def test_nobody_else_sees_it(slack: FakeSlack, sending: Face, kind: str, trouble: str) -> None:
    """It is not said at all rather than to all: not anew, not in place of something, not as a file."""
    ada, bea = slack.person("ada"), slack.person("bea")
    general = slack.channel("general", ada, bea)
    addresses = await places(slack, sending, ada, general)
    before = seen(slack, general, bea)
    TROUBLES[trouble](slack, ada, general)
    for address in addresses.values():
        for reply in (replace(REPLIES[kind], replace=True), REPLIES[kind]):
            with suppress(TryLater, Undeliverable):
                await sending.send(address, reply, draw, instead=f"{general.id}:{before[0][0]}")
    assert seen(slack, general, bea) == before
    assert [file.name for file in slack.files.values() if general.id in file.channels] == []
    if trouble == "none":  # so that something was tried at all
        assert len(slack.visible(slack.dm(ada), ada)) + len(slack.visible(general, ada)) > len(addresses)
