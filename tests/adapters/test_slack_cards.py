"""Answers to /qr on Slack: for the person alone first, then shared, taken along or dropped."""

from typing import Annotated

import pytest

from bot.command import Arg, command
from bot.context import Context
from bot.message import Outcome, Reply
from bot.previews import picture_named
from tests.adapters.slack_talk import Talk, apart, known, talk, talking
from tests.core.talking import Core
from tests.fakes import FakeSlack

__all__ = ["apart", "talk"]

LINK = "https://example.com"
FOUR = ["Style", "File", "☆ Favourite", "More"]
OWN = ["Share to channel", "Edit", "SVG", "PDF", "Delete"]
WIFI = 'wifi "Guest network" "long enough"'


# --- private first ------------------------------------------------------------------------------------------


async def test_an_answer_is_for_its_person_first_with_two_rows_of_buttons(talk: Talk) -> None:
    """What can be done with it here, and the four that hang under every code."""
    await talk.command(LINK)
    (card,) = talk.seen()
    assert (card.seen_by, card.decode(), card.labels()) == (talk.ada.id, [LINK], [*OWN, *FOUR])
    assert [len(block["elements"]) for block in card.blocks if block["type"] == "actions"] == [5, 4]
    styles = {each["text"]["text"]: each.get("style") for each in card.buttons()}
    assert (styles["Share to channel"], styles["Delete"], styles["SVG"]) == ("primary", "danger", None)
    assert talk.leaked() == []


async def test_sharing_posts_it_once_and_leaves_a_word(talk: Talk) -> None:
    """All see the code and whose it is, as a name that pings nobody; nothing is left to press."""
    await talk.command(LINK)
    (card,) = talk.seen()
    await talk.presses(card, "Share to channel")
    (posted,) = talk.leaked()
    assert (posted.decode(), posted.labels(), posted.seen_by) == ([LINK], [], None)
    assert "@ada shared this code." in posted.words()
    assert "<@" not in posted.text
    assert (card.words(), card.labels(), card.pictures) == ("Shared.\n", [], {})


async def test_sharing_pressed_twice_posts_once(talk: Talk) -> None:
    """However quickly: the second press comes with a trigger of its own, before the button is gone."""
    await talk.command(LINK)
    (card,) = talk.seen()
    await talk.slack.press(talk.ada, card, "Share to channel")
    await talk.slack.press(talk.ada, card, "Share to channel")
    await talk.settled()
    assert len(talk.leaked()) == 1
    await talk.command(LINK)
    await talk.presses(talk.seen()[-1], "Share to channel")
    assert len(talk.leaked()) == 2


async def test_it_can_be_shared_after_it_was_changed(talk: Talk) -> None:
    """A star, a menu and back: the answer is the same one, and its buttons go on working."""
    await talk.command(LINK)
    (card,) = talk.seen()
    await talk.presses(card, "☆ Favourite")
    assert card.labels() == [*OWN, "Style", "File", "★ Unfavourite", "More"]
    await talk.presses(card, "More")
    await talk.presses(card, "‹ Back")
    assert talk.seen() == [card]
    await talk.presses(card, "Share to channel")
    assert [each.decode() for each in talk.leaked()] == [[LINK]]


async def test_in_a_thread_it_is_shared_there(talk: Talk) -> None:
    """Where the answer stands that it was pressed in."""
    await talk.command(LINK)
    (card,) = talk.seen()
    card.thread = "1700.1"
    await talk.presses(card, "Share to channel")
    assert [each.thread for each in talk.leaked()] == ["1700.1"]


async def test_files_come_to_the_person_alone(talk: Talk) -> None:
    """Slack has no file for one person's eyes but in direct messages."""
    await talk.command(LINK)
    (card,) = talk.seen()
    for label, name in (("SVG", ".svg"), ("PDF", ".pdf")):
        await talk.presses(card, label)
        (file,) = talk.seen(talk.home())[-1].files
        assert file.name.endswith(name)
    assert talk.leaked() == []
    assert "direct messages" in talk.seen()[-1].words()


async def test_what_was_just_made_is_dropped_at_once(talk: Talk) -> None:
    """The code and its answer; what is older is asked for first."""
    await talk.command(LINK)
    (card,) = talk.seen()
    await talk.presses(card, "Delete")
    assert (card.labels(), card.pictures) == ([], {})
    assert "is deleted" in card.words()
    assert await _codes(talk) == []
    await talk.command("history of rome")
    kept = talk.seen()[-1]
    await talk.presses(kept, "☆ Favourite")
    await talk.presses(kept, "Delete")
    assert kept.labels() == ["Delete", "Keep"]
    await talk.presses(kept, "Delete")
    assert await _codes(talk) == []
    assert talk.leaked() == []


async def _codes(talk: Talk) -> list[str]:
    async with talk.core.store.reading() as work:
        person = await work.people.by_account("slack", f"{talk.slack.team}:{talk.ada.id}")
        assert person is not None
        return [code.text for code in (await work.codes.page(person.id, limit=10)).codes]


async def test_editing_is_offered_where_there_is_an_editor(core: Core, slack: FakeSlack) -> None:
    """Its line names the code."""

    @command("edit", group="keep", hidden=True)
    async def edit(context: Context, code: Annotated[str, Arg("id of a code")]) -> Outcome:
        """Stand in for the builder."""
        return Outcome(Reply(body=f"editing {code}", replace=True))

    async with talking(known(core, edit=edit), slack, public=True) as talk:
        await talk.command(LINK)
        (card,) = talk.seen()
        assert card.labels() == ["Share to channel", "Edit", "SVG", "PDF", "Delete", *FOUR]
        await talk.presses(card, "Edit")
        assert card.words().startswith("editing ")


async def test_what_a_form_made_is_for_its_person_first_too(talk: Talk) -> None:
    """The modal was opened here, and here its answer is."""
    await talk.command("wifi")
    await talk.slack.submit(talk.ada, ssid="Guest network", password="long enough")
    await talk.settled()
    (pointer,) = talk.seen()
    assert (pointer.labels(), pointer.seen_by) == (OWN, talk.ada.id)
    assert talk.leaked() == []


async def test_who_shares_everything_has_nothing_to_share(talk: Talk) -> None:
    """All see it at once, with the four buttons for all; also where the bot is no member."""
    await talk.command("settings replies=shared")
    away = talk.slack.channel("away", talk.ada, talk.bea, bot=False)
    for place in (talk.general, away):
        await talk.command(LINK, place)
        assert [(each.decode(), each.labels()) for each in talk.leaked(place)] == [([LINK], FOUR)]
    await talk.command(WIFI)
    assert len(talk.leaked()) == 1


async def test_a_secret_is_shared_only_once_that_is_sure(talk: Talk) -> None:
    """Whoever reads along could join the network; kept, it stays with the person."""
    await talk.command(WIFI)
    pointer = talk.seen()[-1]
    assert pointer.labels() == OWN
    await talk.presses(pointer, "Share to channel")
    assert pointer.labels() == ["Share it", "Keep it to myself"]
    assert talk.leaked() == []
    await talk.presses(pointer, "Share it")
    (posted,) = talk.leaked()
    assert (posted.decode(), "long enough" in posted.words()) == (
        ["WIFI:T:WPA;S:Guest network;P:long enough;;"],
        False,
    )
    assert pointer.words() == "Shared.\n"


async def test_an_address_shows_no_secret_that_its_code_has_become(talk: Talk) -> None:
    """Somebody in the channel may have kept the address of what stood there before."""
    event = await talk.says("https://example.com", talk.general)
    [code] = await _codes_ids(talk)
    assert await picture_named(talk.core.app, code) is not None
    await talk.changes(event, f"<@{talk.slack.bot_user}> WIFI:T:WPA;S:Guest;P:long enough;;")
    await talk.settled()
    assert await _codes_ids(talk) == [code]
    assert await picture_named(talk.core.app, code) is None


async def test_what_is_somebody_elses_is_not_shared(talk: Talk) -> None:
    """Nor dropped: an id alone opens nothing."""
    await talk.command(LINK, talk.home())
    (code,) = await _codes_ids(talk)
    await talk.command(f"/post {code}", who=talk.bea)
    (refused,) = talk.seen(who=talk.bea)
    assert "no such code of yours" in refused.words()
    assert talk.seen() == []


async def _codes_ids(talk: Talk) -> list[str]:
    async with talk.core.store.reading() as work:
        person = await work.people.by_account("slack", f"{talk.slack.team}:{talk.ada.id}")
        assert person is not None
        return [code.id for code in (await work.codes.page(person.id, limit=10)).codes]


# --- where Slack cannot fetch our pictures ------------------------------------------------------------------


async def test_the_card_is_in_the_direct_messages_and_what_is_about_here_stays_here(apart: Talk) -> None:
    """The pointer offers what belongs to the channel; sharing leaves a word in its place."""
    await apart.command(LINK)
    (card,), (pointer,) = apart.seen(apart.home()), apart.seen()
    assert (card.decode(), card.labels()) == ([LINK], FOUR)
    assert (pointer.seen_by, pointer.labels(), pointer.decode()) == (apart.ada.id, OWN, [])
    await apart.presses(pointer, "Share to channel")
    (posted,) = apart.leaked()
    assert (posted.decode(), posted.labels()) == ([LINK], [])
    assert pointer.words() == "Shared.\n"
    assert len(apart.seen(apart.home())) == 1


async def test_in_direct_messages_there_is_nobody_to_share_with(talk: Talk) -> None:
    """A command there is answered as a text is, and stays there."""
    await talk.command(LINK, talk.home())
    (card,) = talk.seen(talk.home())
    assert (card.decode(), card.labels(), card.seen_by) == ([LINK], FOUR, None)
    await talk.presses(card, "☆ Favourite")
    assert card.labels() == ["Style", "File", "★ Unfavourite", "More"]
    (code,) = await _codes_ids(talk)
    await talk.command(f"/post {code}", talk.home())
    assert talk.seen(talk.home())[-1].labels()[-1] == "More"


# --- where the bot is not a member --------------------------------------------------------------------------


async def test_where_it_is_no_member_it_answers_and_shares_all_the_same(talk: Talk) -> None:
    """By the response_url, which is let in."""
    away = talk.slack.channel("away", talk.ada, talk.bea, bot=False)
    await talk.command(LINK, away)
    (card,) = talk.seen(away)
    await talk.presses(card, "Share to channel")
    assert [each.decode() for each in talk.leaked(away)] == [[LINK]]
    assert card.words() == "Shared.\n"


@pytest.mark.parametrize("private", [False, True])
async def test_a_picture_that_cannot_be_fetched_is_shared_once_the_bot_is_invited(
    apart: Talk, private: bool
) -> None:
    """It says how; the button is offered again, and works then."""
    away = apart.slack.channel("away", apart.ada, apart.bea, bot=False)
    away.private = private
    await apart.command(LINK, away)
    (pointer,) = apart.seen(away)
    await apart.presses(pointer, "Share to channel")
    assert apart.refusals() == ["channel_not_found" if private else "not_in_channel"]
    assert "/invite @qr" in pointer.words()
    assert pointer.labels() == ["Share to channel"]
    assert apart.leaked(away) == []
    assert len(apart.seen(apart.home())) == 1
    away.members.add(apart.slack.bot_user)
    await apart.presses(pointer, "Share to channel")
    assert [each.decode() for each in apart.leaked(away)] == [[LINK]]
    assert pointer.words() == "Shared.\n"


async def test_among_two_people_only_who_asked_sees_the_answer(talk: Talk) -> None:
    """Their direct messages look like ours by their id: nothing private is said there, by any way."""
    theirs = talk.slack.channel("", talk.ada, talk.bea, bot=False)
    del talk.slack.channels[theirs.id]
    theirs.id = f"D{theirs.id[1:]}"
    talk.slack.channels[theirs.id] = theirs
    await talk.command(LINK, theirs)
    await talk.command(WIFI, theirs)
    await talk.command("settings replies=private", theirs)
    card, *others = talk.seen(theirs)
    assert card.labels() == [*OWN, *FOUR]
    assert all(each.seen_by == talk.ada.id for each in (card, *others))
    await talk.presses(card, "Share to channel")
    (posted,) = talk.leaked(theirs)
    assert (posted.decode(), posted.labels()) == ([LINK], [])


async def test_who_presses_in_vain_under_what_all_see_is_told_alone(talk: Talk) -> None:
    """It is nobody else's business; the card stays as it is."""
    await talk.says("https://example.com/menu", talk.general)
    (card,) = talk.seen()
    await talk.presses(card, "More")
    await talk.presses(card, "Delete", talk.bea)
    _, told = talk.seen(who=talk.bea)
    assert (told.words(), told.seen_by) == ("Only whoever made this code can change it.\n", talk.bea.id)
    assert talk.seen() == [card]
