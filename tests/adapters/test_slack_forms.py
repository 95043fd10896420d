"""Forms that Slack does not take: a button that opens them is offered, once, and nothing is waited for."""

import pytest

from adapters.slack import modal
from tests.adapters.slack_bodies import command, mention
from tests.adapters.slack_talk import Talk, talk
from tests.core.talking import core, rows
from tests.fakes import FakeSlack
from tests.fakes.slack import Message

__all__ = ["core", "talk"]


def offer(talk: Talk) -> Message:
    """Give the button that is offered, which nobody else sees."""
    (notice,) = talk.seen()
    assert (notice.labels(), notice.seen_by) == (["Open the form"], talk.ada.id)
    assert "too long" in notice.words()
    return notice


@pytest.mark.parametrize("pressing", [False, True])
async def test_a_form_too_late_to_open_is_offered_by_a_button(
    slack: FakeSlack, talk: Talk, pressing: bool
) -> None:
    """For a command and for a press; the person alone sees what to press, and it opens then."""
    slack.fail("views.open", status=500)
    await talk.command("wifi")
    if pressing:
        slack.fail("views.open", status=500)
        await talk.presses(talk.seen()[0], "Open the form")
        assert [each.labels() for each in talk.seen()] == [["Open the form"]] * 2
    else:
        offer(talk)
    await talk.presses(talk.seen()[-1], "Open the form")
    assert slack.view(talk.ada).payload["callback_id"] == "form"


async def test_a_trigger_that_has_expired_is_too_late(slack: FakeSlack, talk: Talk) -> None:
    """As Slack itself decides."""
    body = command(team_id=slack.team, user_id=talk.ada.id, channel_id=talk.general.id, trigger_id="1.2.old")
    assert (await slack.deliver("slash_commands", body | {"text": "wifi"})).status == 200
    assert len(talk.refusals()) == 1
    assert (await rows(talk.core.store))["deliveries"] == 1


async def test_slack_that_does_not_answer_is_not_waited_for(
    slack: FakeSlack, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wants to be answered itself within three seconds."""
    monkeypatch.setattr(modal, "PATIENCE", 0.01)
    slack.fail("views.open", slow=1.0)
    await talk.command("wifi")
    offer(talk)


async def test_a_form_that_slack_cannot_be_reached_for_is_offered_once_it_can(
    slack: FakeSlack, talk: Talk
) -> None:
    """What is offered is kept as any answer is, and tried again."""
    slack.fail("views.open", cut="before", times=2)  # the library tries a lost connection once more
    slack.fail("response_url", status=500)
    await talk.command("wifi")
    assert talk.seen() == []
    talk.core.hands.append(talk.core.hands[-1].replace(hour=13))
    await talk.settled()
    assert [each.labels() for each in talk.seen()] == [["Open the form"]]


async def test_a_mention_that_lacks_something_is_offered_the_form_in_its_thread(
    slack: FakeSlack, talk: Talk
) -> None:
    """A mention brings nothing to open it with, and an answer without a mention would not be heard."""
    event = await talk.says("wifi", talk.general)
    (notice,) = talk.seen()
    assert (notice.thread, notice.labels(), notice.seen_by) == (event["ts"], ["Open the form"], None)
    await talk.presses(notice, "Open the form")
    assert slack.view(talk.ada).payload["title"]["text"] == "/qr wifi"


async def test_a_mention_that_comes_again_is_offered_the_form_once(slack: FakeSlack, talk: Talk) -> None:
    """Slack repeats it where it was not acknowledged in time."""
    body = mention("<@U0BOT> wifi", channel=talk.general.id, user=talk.ada.id) | {"team_id": slack.team}
    for _ in range(3):
        assert (await slack.deliver("events_api", body)).status == 200
    await talk.settled()
    assert len(talk.seen()) == 1
