"""Channels and people on Slack that take nothing: each ends in one clear place, and nothing private leaks."""

from typing import Any

import pytest

from adapters.slack.away import shut_out, unreachable, words
from bot.i18n import Translator
from storage.records import State
from tests.adapters.slack_talk import Talk, apart, talk
from tests.core.talking import passed

__all__ = ["apart", "talk"]

LINK = "https://example.com"
WIFI = 'wifi "Guest network" "long enough"'
PAYLOAD = "WIFI:T:WPA;S:Guest network;P:long enough;;"


async def late(talk: Talk, text: str, before: Any, who: Any = None) -> None:
    """Mention the bot, and let something happen before it answers."""
    settled = talk.settled
    talk.settled = _nothing  # type: ignore[method-assign]
    await talk.says(text, talk.general, who)
    talk.settled = settled  # type: ignore[method-assign]
    before()
    await talk.settled()


async def _nothing() -> None:
    pass


# --- channels -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["archived", "deleted", "put out"])
async def test_a_mention_is_answered_to_the_person_where_the_channel_takes_nothing(
    talk: Talk, gone: str
) -> None:
    """In their direct messages, with the reason; each ends there, and is not tried again."""

    def happens() -> None:
        match gone:
            case "archived":
                talk.general.archived = True
            case "deleted":
                del talk.slack.channels[talk.general.id]
            case _:
                talk.general.members.discard(talk.slack.bot_user)

    await late(talk, LINK, happens)
    (card,) = talk.seen(talk.home())
    assert card.decode() == [LINK]
    reason = {"archived": "is archived", "deleted": "cannot find this channel", "put out": "/invite @qr"}
    assert reason[gone] in card.words()
    assert talk.seen() == []
    assert await talk.states() == [State.DONE]
    talk.refusals()


@pytest.mark.parametrize("gone", ["archived", "deleted"])
async def test_a_command_is_answered_in_direct_messages_where_its_channel_is_gone(
    apart: Talk, gone: str
) -> None:
    """The response_url goes with the channel."""
    await apart.command("help", apart.slack.channel("a", apart.ada))
    channel = apart.slack.channel("b", apart.ada, apart.bea)
    settled, apart.settled = apart.settled, _nothing  # type: ignore[method-assign]
    await apart.command(LINK, channel)
    if gone == "deleted":
        del apart.slack.channels[channel.id]
    channel.archived = True
    await settled()
    assert [each.decode() for each in apart.seen(apart.home())] == [[LINK]]
    assert apart.seen(channel) == []
    apart.refusals()


@pytest.mark.parametrize("gone", ["archived", "deleted"])
async def test_sharing_to_a_channel_that_is_gone_says_so_and_posts_nothing(talk: Talk, gone: str) -> None:
    """To the person, in the only place that is left."""
    await talk.command(LINK)
    (card,) = talk.seen()
    if gone == "deleted":
        del talk.slack.channels[talk.general.id]
    talk.general.archived = True
    await talk.presses(card, "Share to channel")
    assert talk.leaked() == []
    (told,) = talk.seen(talk.home())
    assert ("archived" if gone == "archived" else "cannot find") in told.words()
    assert (told.labels(), told.decode()) == ([], [])
    talk.refusals()


@pytest.mark.parametrize(
    "code", ["restricted_action", "restricted_action_read_only_channel", "thread_not_found", "not_in_channel"]
)
def test_every_reason_has_words_that_say_what_to_do(code: str) -> None:
    """Or what has happened."""
    assert shut_out(code)
    assert "only you see this" in words(code, Translator("en"))


@pytest.mark.parametrize("code", ["invalid_blocks", "ratelimited", "token_revoked", "internal_error", ""])
def test_what_passes_or_is_our_own_fault_is_no_such_reason(code: str) -> None:
    """It is tried again, or in another way."""
    assert not shut_out(code)
    assert not unreachable(code)


# --- people -------------------------------------------------------------------------------------------------

CLOSED = ["cannot_dm_bot", "user_disabled", "user_not_visible"]


@pytest.mark.parametrize("code", CLOSED)
async def test_a_person_without_direct_messages_is_told_where_they_are(apart: Talk, code: str) -> None:
    """A file for their eyes alone cannot be shown there: it is never shown to all instead."""
    apart.ada.closed = code
    await apart.command(LINK)
    (told,) = apart.seen()
    assert told.seen_by == apart.ada.id
    assert "does not let me write to you directly" in told.words()
    assert apart.leaked() == []
    assert await apart.states() == [State.DONE]
    assert apart.refusals() == [code]


@pytest.mark.parametrize("code", CLOSED)
async def test_a_secret_that_was_asked_for_in_the_open_is_told_of_to_its_person_alone(
    talk: Talk, code: str
) -> None:
    """With no response_url there is still a message for one person's eyes."""
    talk.ada.closed = code
    await talk.says(WIFI, talk.general)
    (told,) = talk.seen()
    assert told.seen_by == talk.ada.id
    assert (told.decode(), "long enough" in told.words()) == ([], False)
    assert talk.leaked() == []
    assert await talk.states() == [State.DONE]
    talk.refusals()


async def test_words_for_one_person_are_said_where_they_are(talk: Talk) -> None:
    """What needs no file needs no direct messages."""
    talk.ada.closed = "cannot_dm_bot"
    await talk.says("/history", talk.general)
    (told,) = talk.seen()
    assert (told.seen_by, "no codes yet" in told.words()) == (talk.ada.id, True)
    assert talk.leaked() == []
    talk.refusals()


async def test_where_nobody_can_be_told_it_is_a_dead_letter(talk: Talk) -> None:
    """The channel is gone and the direct messages are closed: kept, not tried again, shown to nobody."""
    talk.ada.closed = "user_disabled"
    await late(talk, WIFI, lambda: talk.slack.channels.pop(talk.general.id))
    assert await talk.states() == [State.DEAD]
    assert talk.seen() == talk.leaked() == []
    passed(talk.core, hours=1)
    talk.refusals()
    await talk.settled()
    assert talk.slack.calls == []


async def test_direct_messages_that_open_again_are_used_again(apart: Talk) -> None:
    """What was known of them is asked once more."""
    await apart.command(LINK)
    apart.slack.channels.pop(apart.home().id)
    await apart.command(LINK)
    assert "does not let me write" in apart.seen()[-1].words()
    await apart.command(LINK)
    assert [each.decode() for each in apart.seen(apart.home())] == [[LINK]]
    apart.refusals()


# --- people of other workspaces -----------------------------------------------------------------------------


async def test_a_stranger_with_the_same_id_is_somebody_else(talk: Talk) -> None:
    """In a channel shared with another company: their codes, their settings, never ours."""
    await talk.command(LINK)
    twin = talk.slack.person("mallory")
    talk.slack.people.pop(twin.id)
    twin.id, twin.team = talk.ada.id, "T9OTHER"
    await talk.says("/history", talk.general, twin)
    assert "no codes yet" in talk.seen()[-1].words()
    await talk.says("/settings replies=shared", talk.general, twin)
    await talk.command(LINK)
    first, *_, last = talk.seen()
    assert (first.seen_by, last.seen_by) == (talk.ada.id, talk.ada.id)
    await talk.presses(first, "☆ Favourite", twin)
    assert "Only whoever made this code" in talk.seen()[-1].words()


async def test_a_stranger_is_no_admin_here(talk: Talk) -> None:
    """Whatever they are at home: a channel's kit is for those who lead this workspace."""
    boss = talk.slack.person("boss", admin=True)
    boss.team = "T9OTHER"
    talk.general.members.add(boss.id)
    await talk.says("/kit navy on white", talk.general, boss)
    refused = [*talk.seen(who=boss), *talk.seen(talk.home(boss), boss)]
    assert "admin" in refused[-1].words().lower()
    assert "users.info" not in [call.method for call in talk.slack.calls]


async def test_a_strangers_mention_is_answered_and_its_press_too(talk: Talk) -> None:
    """By the workspace that we are installed in."""
    guest = talk.slack.person("guest")
    guest.team = "T9OTHER"
    talk.general.members.add(guest.id)
    await talk.says(LINK, talk.general, guest)
    (card,) = talk.leaked()
    assert card.decode() == [LINK]
    await talk.presses(card, "☆ Favourite", guest)
    assert "★ Unfavourite" in card.labels()
