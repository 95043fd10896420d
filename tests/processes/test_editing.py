"""One message that is edited: what opens under a code on Telegram stands in its place, come what may."""

from pathlib import Path

import pytest

from tests.fakes import FakeTelegram
from tests.fakes.drawn import colours
from tests.fakes.telegram import Chat, Message, Person
from tests.processes.running import running
from tests.processes.test_telegram import settings

FOUR = ["Style", "File", "☆", "More"]
INK = (0x14, 0x21, 0x3D)
MONTH = 30 * 24 * 3600.0


def labels(message: Message) -> list[str]:
    """Name what stands under a message."""
    return [label for row in message.buttons for label, _ in row]


async def made(tg: FakeTelegram, person: Person, chat: Chat, text: str) -> Message:
    """Let somebody make a code."""
    standing = len(tg.replies(chat))
    tg.says(person, chat, text)
    await tg.until(lambda: len(tg.replies(chat)) > standing, 20)
    return tg.replies(chat)[-1]


async def pressed(tg: FakeTelegram, person: Person, message: Message, label: str, *after: str) -> None:
    """Press a button, and wait until these stand under the message."""
    tg.presses(person, message, label)
    await tg.until(lambda: set(after) <= set(labels(message)), 20, f"{after} under {labels(message)}")


@pytest.fixture
def ada(tg: FakeTelegram) -> Person:
    """Somebody who has started the bot."""
    person = tg.person()
    tg.private(person, started=True)
    return person


async def test_menus_open_in_the_codes_own_message(tg: FakeTelegram, tmp_path: Path, ada: Person) -> None:
    """Style, a look, files, more, and back: one message; a file alone is another."""
    chat = tg.private(ada)
    async with running(tmp_path, **settings(tg)):
        message = await made(tg, ada, chat, "https://example.com/menu")
        assert [[label for label, _ in row] for row in message.buttons] == [FOUR]
        plain = message.photo
        await pressed(tg, ada, message, "Style", "1", "36", "Surprise me", "Plain", "‹ Back")
        assert [len(row) for row in message.buttons] == [6, 6, 6, 6, 6, 6, 3]
        assert tg.decode(message) != ["https://example.com/menu"]
        await pressed(tg, ada, message, "2", *FOUR)
        assert tg.decode(message) == ["https://example.com/menu"]
        assert INK in colours(message.photo or b"")
        await pressed(tg, ada, message, "File", "SVG", "Print: 3 cm", "‹ Back")
        assert INK in colours(message.photo or b"")
        assert tg.replies(chat) == [message]
        tg.presses(ada, message, "SVG")
        await tg.until(lambda: len(tg.replies(chat)) == 2, 20)
        document = tg.replies(chat)[-1]
        assert (document.file_name[-4:], tg.decode(document)) == (".svg", ["https://example.com/menu"])
        assert document.buttons == []
        await pressed(tg, ada, message, "‹ Back", *FOUR)
        offered = ("Scan check", "Share", "Copy text", "Edit", "Delete", "‹ Back")
        await pressed(tg, ada, message, "More", *offered)
        await pressed(tg, ada, message, "Scan check", "Style", "‹ Back")
        assert "of 100" in message.caption
        await pressed(tg, ada, message, "‹ Back", *FOUR)
        await pressed(tg, ada, message, "☆", "★")
        await pressed(tg, ada, message, "★", "☆")
        await pressed(tg, ada, message, "Style", "‹ Back")
        await pressed(tg, ada, message, "Plain", *FOUR)
        assert message.photo == plain
        await pressed(tg, ada, message, "More", "Delete")
        await pressed(tg, ada, message, "Delete", "Keep")
        await pressed(tg, ada, message, "Keep", *FOUR)
        await pressed(tg, ada, message, "More", "Delete")
        await pressed(tg, ada, message, "Delete", "Keep")
        tg.presses(ada, message, "Delete")
        await tg.until(lambda: "is deleted" in message.caption and not message.buttons, 20)
        assert tg.replies(chat) == [message, document]
    assert tg.refused == []


async def test_however_quickly_it_is_pressed_the_message_stays_one_and_whole(
    tg: FakeTelegram, tmp_path: Path, ada: Person
) -> None:
    """What stands there in the end belongs to the last press: its picture, its words and its buttons."""
    chat = tg.private(ada)
    async with running(tmp_path, **settings(tg)):
        message = await made(tg, ada, chat, "press me")
        for _ in range(5):
            for label in ("Style", "More", "☆", "File"):
                tg.presses(ada, message, label)
        await tg.until(lambda: _answered(tg, 20), 60, "twenty presses answered")
        await tg.until(lambda: "SVG" in labels(message), 20)
        assert (tg.replies(chat), tg.decode(message)) == ([message], ["press me"])
        for _ in range(5):
            tg.presses(ada, message, "‹ Back")
        await tg.until(lambda: _answered(tg, 25), 60, "five more answered")
        await tg.until(lambda: "Style" in labels(message), 20)
        assert (tg.replies(chat), labels(message)[2]) == ([message], "★")
    assert all("not modified" in str(call.result) for call in tg.refused)


def _answered(tg: FakeTelegram, presses: int) -> bool:
    return sum(call.method == "answerCallbackQuery" for call in tg.calls) >= presses


async def test_a_press_works_after_a_restart_and_a_month_later(
    tg: FakeTelegram, tmp_path: Path, ada: Person
) -> None:
    """Also on a menu that stood open; where the message is gone the answer is a new one."""
    chat = tg.private(ada)
    async with running(tmp_path, **settings(tg)):
        message = await made(tg, ada, chat, "old")
        await pressed(tg, ada, message, "Style", "2")
    tg.later(MONTH)
    async with running(tmp_path, **settings(tg)):
        await pressed(tg, ada, message, "2", *FOUR)
        assert (tg.replies(chat), INK in colours(message.photo or b"")) == ([message], True)
        tg.presses(ada, message, "More")
        del chat.messages[message.id]
        await tg.until(lambda: tg.replies(chat), 20)
        assert "Delete" in labels(tg.replies(chat)[0])
        assert tg.decode(tg.replies(chat)[0]) == ["old"]


async def test_the_way_back_to_what_was_asked_stays_above(
    tg: FakeTelegram, tmp_path: Path, ada: Person
) -> None:
    """Where a code was changed so that it scans; also after a menu."""
    chat = tg.private(ada)
    async with running(tmp_path, **settings(tg)):
        message = await made(tg, ada, chat, '/qr look="#777777 on #999999" mend me')
        assert [[label for label, _ in row] for row in message.buttons] == [["Exactly as I asked"], FOUR]
        await pressed(tg, ada, message, "More", "Delete")
        assert labels(message)[0] == "Exactly as I asked"
        await pressed(tg, ada, message, "‹ Back", *FOUR)
        assert labels(message) == ["Exactly as I asked", *FOUR]


async def test_in_a_group_nobody_changes_what_somebody_else_has_made(
    tg: FakeTelegram, tmp_path: Path, ada: Person
) -> None:
    """Others get the sheet, and a copy, as messages of their own."""
    bea = tg.person(first_name="Bea")
    group = tg.group("Friends", [ada, bea])
    async with running(tmp_path, **settings(tg)):
        message = await made(tg, ada, group, "/qr for all")
        await pressed(tg, ada, message, "Style", "2")
        await pressed(tg, ada, message, "‹ Back", *FOUR)
        before = message.photo
        tg.presses(bea, message, "Style")
        await tg.until(lambda: len(tg.replies(group)) == 2, 20)
        tg.presses(bea, tg.replies(group)[1], "2")
        await tg.until(lambda: len(tg.replies(group)) == 3, 20)
        assert (labels(message), message.photo) == (FOUR, before)
        assert INK in colours(tg.replies(group)[2].photo or b"")


async def test_a_clear_picture_and_a_print_come_as_documents(
    tg: FakeTelegram, tmp_path: Path, ada: Person
) -> None:
    """Photos would lose what is clear, and be recompressed; the menus open in a document too."""
    chat = tg.private(ada)
    async with running(tmp_path, **settings(tg)):
        for look in ("black on transparent", "30 mm"):
            message = await made(tg, ada, chat, f'/qr look="{look}" {look}')
            assert (message.document is not None, tg.decode(message)) == (True, [look])
            standing = len(tg.replies(chat))
            await pressed(tg, ada, message, "Style", "2")
            await pressed(tg, ada, message, "‹ Back", *FOUR)
            assert (message.document is not None, len(tg.replies(chat))) == (True, standing)
    assert tg.refused == []


async def test_what_was_meant_takes_the_codes_place(tg: FakeTelegram, tmp_path: Path, ada: Person) -> None:
    """A link that was taken for a text, and a text that was taken for a link."""
    chat = tg.private(ada)
    async with running(tmp_path, **settings(tg)):
        for text, label, meant in (
            ("readme.md", "As: Link", "https://readme.md"),
            ("example.com", "Exactly as typed", "example.com"),
        ):
            message = await made(tg, ada, chat, text)
            standing = len(tg.replies(chat))
            await pressed(tg, ada, message, "More", label)
            await pressed(tg, ada, message, label, *FOUR)
            assert (tg.decode(message), len(tg.replies(chat))) == ([meant], standing)


# --- taking back what was said ------------------------------------------------------------------------------


async def test_a_password_that_was_typed_can_be_taken_back(
    tg: FakeTelegram, tmp_path: Path, ada: Person
) -> None:
    """The person's own message goes, at a press, and it is said so; pressed again it is gone already."""
    chat = tg.private(ada)
    async with running(tmp_path, **settings(tg)):
        message = await made(tg, ada, chat, "/wifi Guest long-enough")
        assert labels(message) == [*FOUR, "Delete my message"]
        for number in (2, 3):
            tg.presses(ada, message, "Delete my message")
            await tg.until(lambda number=number: len(tg.replies(chat)) == number, 20)  # type: ignore[misc]
            assert tg.replies(chat)[-1].text == "Your message is deleted."
        assert [each for each in tg.messages(chat) if not each.own] == []
        assert tg.decode(message) == ["WIFI:T:WPA;S:Guest;P:long-enough;;"]


@pytest.mark.parametrize(("bot", "may", "said"), [
    ("administrator", True, "Your message is deleted."),
    ("administrator", False, "I cannot delete that message. Please delete it yourself."),
    ("member", True, "I cannot delete that message. Please delete it yourself."),
])  # fmt: skip
async def test_a_password_that_was_typed_in_a_group_is_taken_back_from_the_private_chat(
    tg: FakeTelegram, tmp_path: Path, ada: Person, bot: str, may: bool, said: str
) -> None:
    """Where the bot may; else it is said what to do."""
    home, group = tg.private(ada), tg.group("Friends", [ada], bot=bot, supergroup=True)
    group.deletes = may
    async with running(tmp_path, **settings(tg)):
        tg.says(ada, group, "/wifi Guest long-enough")
        await tg.until(lambda: tg.replies(home), 20)
        tg.presses(ada, tg.replies(home)[0], "Delete my message")
        await tg.until(lambda: len(tg.replies(home)) == 2, 20)
        assert tg.replies(home)[1].text == said
        assert (tg.messages(group) == []) == (said == "Your message is deleted.")


async def test_nobody_has_somebody_elses_message_deleted(
    tg: FakeTelegram, tmp_path: Path, ada: Person
) -> None:
    """A made-up button, or one that was made for somebody else; nor anything after two days."""
    bea = tg.person(first_name="Bea")
    group, home, theirs = (
        tg.group("Friends", [ada, bea], bot="administrator"),
        tg.private(ada),
        tg.private(bea),
    )
    bea.started = True
    async with running(tmp_path, **settings(tg)):
        tg.says(ada, group, "/wifi Guest long-enough")
        await tg.until(lambda: tg.replies(home), 20)
        button = tg.replies(home)[0].keyboard[-1][0]
        message = await made(tg, bea, theirs, "mine")
        for data in (button["callback_data"], f"unsay {group.id}.{tg.messages(group)[0].id}.AAAAAAAAAAA"):
            message.keyboard = [[{"text": "Go", "callback_data": data}]]
            standing = len(tg.replies(theirs))
            tg.presses(bea, message, "Go")
            await tg.until(lambda standing=standing: len(tg.replies(theirs)) > standing, 20)  # type: ignore[misc]
            assert "I cannot delete" in tg.replies(theirs)[-1].text
        assert len(tg.messages(group)) == 1
        tg.later(49 * 3600)
        tg.presses(ada, tg.replies(home)[0], "Delete my message")
        await tg.until(lambda: len(tg.replies(home)) == 2, 20)
        assert "I cannot delete" in tg.replies(home)[-1].text
