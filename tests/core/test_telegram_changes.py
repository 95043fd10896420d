"""Telegram: a message that is changed redraws its picture in place; quick changes collapse into the last."""

from dataclasses import replace

from sqlalchemy import update

from bot.deliveries import SUPERSEDED
from bot.qr.picture import Picture, Rendered
from bot.qr.refusal import Refused
from storage.deliveries import add_delivery
from storage.housekeeping import tidy
from storage.tables import deliveries
from tests.core.talking import passed, rows
from tests.core.telling import Talk
from tests.fakes.telegram import Message


def only(talk: Talk) -> Message:
    """Give the bot's one message in the private chat."""
    [message] = talk.tg.replies(talk.home)
    return message


async def test_a_changed_message_redraws_its_picture_in_place(talk_both: Talk) -> None:
    """People see one picture, of what they say now; its buttons go on working."""
    talk = talk_both
    said = await talk.says("https://example.com/mneu")
    assert talk.tg.decode(only(talk)) == ["https://example.com/mneu"]
    await talk.changes(said, "https://example.com/menu")
    assert talk.tg.decode(only(talk)) == ["https://example.com/menu"]
    await talk.changes(said, "hello")
    assert talk.tg.decode(only(talk)) == ["hello"]
    await talk.presses(only(talk), "File")
    await talk.presses(only(talk), "SVG")
    assert talk.tg.decode(talk.tg.replies(talk.home)[-1]) == ["hello"]
    assert talk.tg.refused == []


async def test_a_change_of_anything_but_the_text_is_passed_over(talk: Talk) -> None:
    """As when a link's preview appears."""
    said = await talk.says("https://example.com")
    before = len(talk.tg.calls)
    await talk.changes(said, "https://example.com")
    assert len(talk.tg.calls) == before


async def test_a_secret_is_sent_once_however_often_its_message_is_said_to_change(talk_both: Talk) -> None:
    """Telegram also says so when nothing that people see did."""
    talk = talk_both
    said = await talk.says("/wifi Home s3cret-pass")
    for _ in range(2):
        await talk.changes(said, "/wifi Home s3cret-pass")
    assert talk.tg.decode(only(talk)) == ["WIFI:T:WPA;S:Home;P:s3cret-pass;;"]
    assert (await rows(talk.core.store))["codes"] == 1
    await talk.changes(said, "/wifi Home s3cret-pass2")
    assert len(talk.tg.replies(talk.home)) == 2


async def test_a_key_that_answered_a_question_can_be_deleted(talk: Talk) -> None:
    """By the button under what is said next: the wrong one too."""
    await talk.says("/wifi")
    await talk.says("Home")
    for key in ("short", "s3cret-pass"):
        said = await talk.says(key)
        await talk.presses(talk.tg.replies(talk.home)[-1], "Delete my message")
        assert said.id not in talk.home.messages
    assert talk.tg.refused == []


async def test_a_picture_that_changed_its_file_is_replaced_too(talk: Talk) -> None:
    """A photo becomes a document, and a document a photo."""
    said = await talk.says("hello")
    await talk.changes(said, "/qr format=svg hello there")
    assert (only(talk).media is not None, only(talk).document is not None) == (True, True)
    assert talk.tg.decode(only(talk)) == ["hello there"]


async def test_what_was_changed_before_it_was_answered_is_drawn_once(talk_both: Talk) -> None:
    """The picture of the first text would be replaced at once."""
    talk = talk_both
    talk.tg.says(talk.ada, talk.home, "one")
    said = talk.tg.messages(talk.home)[-1]
    for text in ("two", "three"):
        talk.tg.edits(talk.ada, said, text)
    await talk.sent()
    assert talk.tg.decode(only(talk)) == ["three"]
    assert [picture.payload.text for picture in talk.drawn] == ["three"]
    assert await talk.reasons() == [SUPERSEDED, SUPERSEDED, ""]
    await talk.changes(said, "four")
    assert talk.tg.decode(only(talk)) == ["four"]


async def test_a_picture_that_is_gone_is_sent_anew_and_then_replaced(talk: Talk) -> None:
    """The person had deleted it."""
    said = await talk.says("one")
    del talk.home.messages[only(talk).id]
    await talk.changes(said, "two")
    assert talk.tg.decode(only(talk)) == ["two"]
    await talk.changes(said, "three")
    assert talk.tg.decode(only(talk)) == ["three"]


async def test_in_a_group_it_is_changed_where_it_was_said(talk: Talk) -> None:
    """What is not for us any more, or never was, is left alone."""
    group = talk.tg.group(members=[talk.ada])
    said = await talk.says("/qr one", group)
    talk.tg.says(talk.ada, group, "good morning")
    chatter = talk.tg.messages(group)[-1]
    await talk.changes(said, "/qr two")
    await talk.changes(chatter, "good evening")
    [picture] = talk.tg.replies(group)
    assert talk.tg.decode(picture) == ["two"]


async def test_what_is_answered_in_private_is_changed_in_private(talk: Talk) -> None:
    """It stands in another chat than what was said; where that is no longer private, it is sent anew."""
    group = talk.tg.group(members=[talk.ada])
    await talk.says("/settings replies=private")
    settled = len(talk.tg.replies(talk.home))
    said = await talk.says("/qr one", group)
    await talk.changes(said, "/qr two")
    [*_, picture] = talk.tg.replies(talk.home)
    assert (len(talk.tg.replies(talk.home)), talk.tg.decode(picture)) == (settled + 1, ["two"])
    assert talk.tg.replies(group) == []
    await talk.says("/settings replies=shared")
    await talk.changes(said, "/qr three")
    assert [talk.tg.decode(each) for each in talk.tg.replies(group)] == [["three"]]
    assert talk.tg.decode(picture) == ["two"]


async def test_a_change_that_was_made_and_not_recorded_is_made_again(talk: Talk) -> None:
    """A crash in between: Telegram says that nothing is modified, which is as good as done."""
    said = await talk.says("one")
    talk.tg.edits(talk.ada, said, "two")
    await talk.taken()
    async with talk.core.store.reading() as work:
        due = await work.deliveries.next(f"telegram:{talk.home.id}", talk.core.app.clock())
    assert due is not None
    await talk.sent()
    async with talk.core.store.writing() as work:
        await add_delivery(work.connection, talk.core.store.ring, replace(due, id="AGAIN00000"))
    await talk.sent()
    assert ["not modified" in str(call.result) for call in talk.tg.refused] == [True]
    await talk.changes(said, "three")
    assert talk.tg.decode(only(talk)) == ["three"]


async def test_what_was_sent_is_known_for_ninety_days(talk: Talk) -> None:
    """Then a change makes a new code, below."""
    said = await talk.says("one")
    passed(talk.core, days=89)
    await talk.changes(said, "two")
    assert len(talk.tg.replies(talk.home)) == 1
    passed(talk.core, days=91)
    async with talk.core.store.writing() as work:
        assert (await tidy(work.connection, talk.core.app.clock()))["shown"] == 1
    await talk.changes(said, "three")
    assert len(talk.tg.replies(talk.home)) == 2


# --- presses ------------------------------------------------------------------------------------------------


async def test_quick_presses_are_all_answered_and_the_last_one_is_made(talk_both: Talk) -> None:
    """Three times the star, while the chat has to wait."""
    talk = talk_both
    await talk.says("hello")
    picture = only(talk)
    for _ in range(3):
        talk.tg.presses(talk.ada, picture, "☆")
    before = len(talk.calls("editMessageMedia"))
    await talk.sent()
    assert len(talk.calls("answerCallbackQuery")) == 3
    assert len(talk.calls("editMessageMedia")) == before + 1
    assert (await talk.reasons())[-3:] == [SUPERSEDED, SUPERSEDED, ""]
    assert talk.tg.refused == []


async def test_a_press_that_sends_something_is_not_dropped_for_one_that_changes(talk: Talk) -> None:
    """Each is made, in order."""
    await talk.says("hello")
    picture = only(talk)
    await talk.presses(picture, "File")
    for label in ("SVG", "‹ Back", "PDF"):
        talk.tg.presses(talk.ada, picture, label)
    await talk.sent()
    assert [message.file_name.rpartition(".")[2] for message in talk.tg.replies(talk.home)] == [
        "", "svg", "pdf",
    ]  # fmt: skip
    assert SUPERSEDED not in await talk.reasons()


async def test_a_press_that_waited_too_long_is_done_without_an_answer(talk: Talk) -> None:
    """After 150 seconds Telegram takes none: it is not tried, and nobody is told of an error."""
    await talk.says("hello")
    talk.tg.presses(talk.ada, only(talk), "☆")
    await talk.taken()
    passed(talk.core, seconds=151)
    talk.tg.later(151)
    await talk.sent()
    assert talk.calls("answerCallbackQuery") == []
    assert "★" in str(only(talk).buttons)
    assert talk.tg.refused == []


async def test_a_change_that_cannot_be_drawn_says_so(talk: Talk) -> None:
    """Nothing unproven leaves; the sentence takes the place of the card below the picture."""
    said = await talk.says("one")

    async def refuse(picture: Picture) -> Rendered:
        raise Refused("This does not scan.")

    talk.post = replace(talk.post, draw=refuse)
    await talk.changes(said, "two")
    assert only(talk).caption.endswith("This does not scan.")


async def test_rows_from_before_this_revision_are_sent(talk: Talk) -> None:
    """They name no message."""
    talk.tg.says(talk.ada, talk.home, "one")
    await talk.taken()
    async with talk.core.store.writing() as work:
        await work.connection.execute(update(deliveries).values(said="", pressed=""))
    await talk.sent()
    assert talk.tg.decode(only(talk)) == ["one"]
    assert (await rows(talk.core.store))["shown"] == 1
