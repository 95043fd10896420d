"""Direct messages on Slack: our own, and conversations that only look like them."""

from typing import Any

import pytest

from adapters.slack import direct
from adapters.slack.connection import Slack
from adapters.slack.direct import known
from tests.adapters.slack_bodies import Body, command, mention, message, pressed, submitted
from tests.fakes import FakeSlack


def here(slack: FakeSlack, channel: str, user: str) -> tuple[Body, Body]:
    """Give what is posted when somebody says a command in a place, and presses a button there."""
    press = pressed() | {"channel": {"id": channel}, "user": {"id": user}}
    return command(channel_id=channel, user_id=user), press


async def test_our_direct_messages_are_told_from_those_of_two_people(
    slack: FakeSlack, connection: Slack
) -> None:
    """Slack is asked once for each person."""
    ada = slack.person("ada")
    direct = slack.dm(ada).id
    for place in (direct, "D0OTHER"):
        for body in here(slack, place, ada.id):
            assert await known(connection, body) == direct
    assert [call.method for call in slack.calls] == ["conversations.open"]


async def test_elsewhere_nobody_is_asked(slack: FakeSlack, connection: Slack) -> None:
    """Channels, groups, and what tells by itself that it was said to us."""
    ada = slack.person("ada")
    bodies = [body for place in ("C1", "G1") for body in here(slack, place, ada.id)]
    for body in (*bodies, message(), mention("a"), submitted({}), {}):
        assert await known(connection, body) == ""
    assert slack.calls == []


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429, "retry_after": 9}])
async def test_what_cannot_be_found_out_counts_as_a_place_where_others_are(
    slack: FakeSlack, connection: Slack, fault: dict[str, Any]
) -> None:
    """For now: the next time it is asked again."""
    ada = slack.person("ada")
    body = command(channel_id=slack.dm(ada).id, user_id=ada.id)
    slack.fail("conversations.open", **fault)
    assert await known(connection, body) == ""
    assert await known(connection, body) == slack.dm(ada).id


async def test_slack_that_does_not_answer_is_not_waited_for(
    slack: FakeSlack, connection: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wants to be answered itself within three seconds."""
    monkeypatch.setattr(direct, "PATIENCE", 0.01)
    ada = slack.person("ada")
    slack.fail("conversations.open", slow=1.0)
    assert await known(connection, command(channel_id=slack.dm(ada).id, user_id=ada.id)) == ""


async def test_nobody_is_asked_where_too_much_comes_at_once(slack: FakeSlack, connection: Slack) -> None:
    """A thousand new people would be told to wait; who is known still is."""
    ada = slack.person("ada")
    body = command(channel_id=slack.dm(ada).id, user_id=ada.id)
    assert await known(connection, body, busy=True) == ""
    assert slack.calls == []
    assert await known(connection, body) == await known(connection, body, busy=True) == slack.dm(ada).id


async def test_not_everybody_is_remembered(
    slack: FakeSlack, connection: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be any number of people."""
    monkeypatch.setattr(direct, "MOST", 2)
    for name in ("ada", "bea", "eva"):
        person = slack.person(name)
        body = command(channel_id=slack.dm(person).id, user_id=person.id)
        assert await known(connection, body) == slack.dm(person).id
    assert len(connection.direct) == 1


@pytest.mark.parametrize(
    "body", [command(channel_id="D1", team_id=""), command(channel_id="D1", team_id=None)]
)
async def test_what_is_broken_is_asked_of_nobody(slack: FakeSlack, connection: Slack, body: Body) -> None:
    """Its parsing says so."""
    assert await known(connection, body) == ""
    assert slack.calls == []
