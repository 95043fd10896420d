"""What people write on Slack, from the wire to the code and back: as it was typed, or changed since."""

import pytest

from tests.adapters.slack_talk import Talk, talk, talking
from tests.core.talking import Core
from tests.fakes import FakeSlack
from tests.fakes.slack.changing import told

__all__ = ["talk"]

TYPED = [
    "a & b",
    "1 < 2 > 0",
    "&amp; &lt;b&gt;",
    "<https://a.example/?b=1&c=2|label>",
    "<mailto:ada@b.example|x>",
    "<tel:+15551234567|call me>",
    "<@U1|name> <#C1|general>",
    "<!subteam^S1|@team> <!date^1^{date}|today>",
    "@here <!channel>",
    "&amp;lt;",
    "see https://a.example/?b=1&c=2 & ada@b.example or 555-123-4567, a.example/x?y&z 🎉",
]


@pytest.mark.parametrize("text", TYPED)
async def test_the_code_holds_what_was_typed(talk: Talk, text: str) -> None:
    """Read back from the picture: said as a command, in direct messages, and in a mention."""
    await talk.command(f"text {text}")
    await talk.says(f"text {text}")
    await talk.says(f"text {text}", talk.general)
    command, mention = talk.seen()
    (message,) = talk.seen(talk.home())
    assert [command.decode(), message.decode(), mention.decode()] == [[text]] * 3


@pytest.mark.parametrize("way", ["command", "message", "mention"])
async def test_a_text_of_40000_characters_is_refused_with_what_fits(talk: Talk, way: str) -> None:
    """The longest that Slack takes."""
    text = "x" * 39_900
    if way == "command":
        await talk.command(text)
    else:
        await talk.says(text, talk.home() if way == "message" else talk.general)
    (refused,) = talk.seen(talk.home()) if way == "message" else talk.seen()
    assert "2953" in refused.words()
    assert len(refused.words()) < 500


# --- a message that its author changes ----------------------------------------------------------------------


@pytest.mark.parametrize("public", [True, False])
async def test_a_changed_message_changes_its_code_where_it_stands(
    core: Core, slack: FakeSlack, public: bool
) -> None:
    """One code, one picture, of what it says now; its buttons go on working."""
    async with talking(core, slack, public=public) as talk:
        await _changes_in_place(talk)


async def _changes_in_place(talk: Talk) -> None:
    event = await talk.says("https://example.com/mneu")
    (card,) = talk.seen(talk.home())
    await talk.presses(card, "☆ Favourite")
    await talk.changes(event, "https://example.com/menu")
    assert talk.seen(talk.home()) == [card]
    assert card.decode() == ["https://example.com/menu"]
    assert "★ Unfavourite" in card.labels()
    await talk.presses(card, "★ Unfavourite")
    assert (card.decode(), "☆ Favourite" in card.labels()) == (["https://example.com/menu"], True)
    await talk.says("/history")
    assert "1 code" in talk.seen(talk.home())[-1].words()


async def test_a_mention_that_is_told_again_since_it_was_changed_changes_its_code(talk: Talk) -> None:
    """Where all see it; one that became a secret is answered to its person, and never in that place."""
    first = await talk.says("text menu", talk.general)
    (card,) = talk.leaked()
    again = {"ts": first["ts"], "edited": {"user": first["user"], "ts": "1.0"}}
    await talk.says("text the menu", talk.general, **again)
    assert (talk.leaked(), card.decode()) == ([card], ["the menu"])
    await talk.says("text the menu", talk.general, **again)
    await talk.says('wifi "Guest network" "long enough"', talk.general, **again)
    assert (talk.leaked(), card.decode()) == ([card], ["the menu"])
    (secret,) = [each for each in talk.seen(talk.home()) if each.decode()]
    assert secret.decode() == ["WIFI:T:WPA;S:Guest network;P:long enough;;"]


async def test_where_its_picture_is_gone_a_changed_message_is_answered_anew(talk: Talk) -> None:
    """Somebody deleted our message."""
    event = await talk.says("https://example.com/mneu")
    talk.home().messages.clear()
    await talk.changes(event, "https://example.com/menu")
    assert [each.decode() for each in talk.seen(talk.home())] == [["https://example.com/menu"]]
    assert talk.refusals() == ["message_not_found"]


async def test_a_change_of_anything_but_the_text_is_passed_over(talk: Talk) -> None:
    """A preview that Slack added, a message deleted, what bots and we ourselves do."""
    event = await talk.says("https://example.com")
    (card,) = talk.seen(talk.home())
    after = {name: each for name, each in event.items() if name not in ("channel", "channel_type")}
    edited = after | {"text": "else", "edited": {"user": event["user"], "ts": "1.0"}}
    before = len(talk.slack.calls)
    for subtype, more in (
        ("message_changed", {"message": after | {"attachments": [{"id": 1}]}, "previous_message": after}),
        ("message_changed", {"message": after | {"text": "else"}, "previous_message": after}),
        ("message_changed", {"message": edited | {"bot_id": "B1"}, "previous_message": after}),
        ("message_changed", {"message": edited | {"subtype": "bot_message"}, "previous_message": after}),
        ("message_changed", {"message": edited | {"subtype": "tombstone"}, "previous_message": after}),
        ("message_changed", {"message": edited | {"files": [{"id": "F1"}]}, "previous_message": after}),
        ("message_deleted", {"deleted_ts": event["ts"], "previous_message": after}),
    ):
        assert (await told(talk.slack, event, subtype, **more)).status == 200
    own = {"user": talk.slack.bot_user, "bot_id": talk.slack.bot_id, "app_id": talk.slack.app_id}
    assert (await talk.slack.event(event | own)).status == 200
    await talk.settled()
    assert (talk.seen(talk.home()), card.decode()) == ([card], ["https://example.com"])
    assert len(talk.slack.calls) == before


async def test_a_change_of_what_was_no_code_is_taken_as_said_now(talk: Talk) -> None:
    """A word that was mistyped."""
    event = await talk.says("/hlep")
    await talk.changes(event, "/help")
    assert "What I can do" in talk.seen(talk.home())[-1].words()


# --- files with codes ---------------------------------------------------------------------------------------


async def test_files_with_codes_are_read_in_direct_messages_and_mentions(talk: Talk) -> None:
    """One or several; in a channel for whoever asked, since nobody knows what they say."""
    await talk.says("", files=[talk.picture("one"), talk.picture("two")])
    seen = talk.seen(talk.home())[-1].words()
    assert "one" in seen
    assert "two" in seen
    await talk.says("", talk.general, files=[talk.picture("three")])
    (answer,) = talk.seen()
    assert ("three" in answer.words(), answer.seen_by, answer.thread) == (True, talk.ada.id, "")
    await talk.says("", talk.general, files=[talk.picture("four")], thread_ts="1700.1")
    assert ("four" in talk.seen()[-1].words(), talk.seen()[-1].thread) == (True, "1700.1")
    assert talk.leaked() == []


async def test_a_file_that_is_kept_elsewhere_is_answered_kindly(talk: Talk) -> None:
    """No apology, but what to do."""
    file = talk.picture("one")
    file.outside = "https://drive.example/f"
    await talk.says("", files=[file])
    (answer,) = talk.seen(talk.home())
    assert "kept outside Slack" in answer.words()


# --- help ---------------------------------------------------------------------------------------------------


async def test_help_says_how_one_speaks_on_slack(talk: Talk) -> None:
    """One command for all words, none in threads, and a mention that answers there."""
    await talk.command("help")
    (told_,) = talk.seen()
    for words in ("“/qr some text”", "“/qr” alone opens the form", "no commands in threads", "/qr wifi –"):
        assert words in told_.words()
    assert told_.seen_by == talk.ada.id
    await talk.says("https://example.com", talk.general, thread_ts="1700.1")
    assert (talk.leaked()[-1].decode(), talk.leaked()[-1].thread) == (["https://example.com"], "1700.1")
