"""What hangs under a picture on Telegram: short labels, sharing, and what is a photo at all."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from telegram import InlineKeyboardButton

from adapters.telegram.lines import CAPTION, TEXT
from adapters.telegram.render import render
from adapters.telegram.unsaying import offered, taking_back
from bot.face import Address
from bot.message import COPIED, Button, Reply, Rows
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, Rendered
from bot.qr.picture import render as drawn_now
from bot.qr.style import parse_style
from tests.fakes.drawn import blank
from tests.fakes.telegram import markup
from tests.fakes.telegram.text import utf16

HOME: Address = {"chat": 7, "user": 7, "private": 1, "said": 3}
TOKEN = "123456789:AA" + "x" * 33


def under(buttons: Rows, *, inline: bool = True) -> list[InlineKeyboardButton]:
    """Lay out buttons, hold them to Telegram's rules, and give them in one row."""
    (call,) = render(Reply(body="a", buttons=buttons), HOME, inline=inline)
    keyboard = call.fields["reply_markup"]
    if keyboard is None:
        return []
    markup.keyboard(keyboard.to_dict())
    return [button for row in keyboard.inline_keyboard for button in row]


def test_where_many_stand_beside_each_other_labels_are_short() -> None:
    """Numbers on the sheet of looks."""
    found = under(((Button("2. ink", "restyle X ink", short="2"), Button("Plain", "restyle X default")),))
    assert [(each.text, each.callback_data) for each in found] == [
        ("2", "restyle X ink"),
        ("Plain", "restyle X default"),
    ]


def test_what_is_shared_is_said_to_the_bot_in_a_chat_of_ones_choice() -> None:
    """Any kind of chat; without inline mode, or where nobody could type it, there is no such button."""
    (share,) = under(((Button("Share", share="https://example.com"),),))
    chosen = share.switch_inline_query_chosen_chat
    assert chosen is not None
    assert (chosen.query, chosen.allow_user_chats, chosen.allow_group_chats, chosen.allow_channel_chats) == (
        "https://example.com", True, True, True,
    )  # fmt: skip
    assert under(((Button("Share", share="x" * (COPIED + 1)),),)) == []
    assert under(((Button("Share", share="x"),),), inline=False) == []


@pytest.mark.parametrize(
    ("look", "method"),
    [
        ("", "send_photo"),
        ("navy on transparent", "send_document"),
        ("30 mm", "send_document"),
        ("size 4096", "send_photo"),
    ],
)
def test_what_a_photo_would_spoil_is_a_document(look: str, method: str) -> None:
    """A clear ground, and what is made for print."""
    picture = Picture(payload_of("hello"), parse_style(look) if look else parse_style("black on white"))
    assert render(Reply(picture=picture), HOME, drawn_now(picture))[0].method == method


@pytest.mark.parametrize(
    ("width", "height", "method"),
    [
        (5000, 5000, "send_photo"),
        (5001, 5000, "send_document"),
        (20, 400, "send_photo"),
        (20, 401, "send_document"),
    ],
)
def test_a_picture_too_large_or_too_long_is_a_document(width: int, height: int, method: str) -> None:
    """Width and height together, and one to the other."""
    picture = Picture(payload_of("hello"), parse_style("black on white"))
    drawn = Rendered(blank(width, height), "image/png", "png", 1, picture.style.level)
    with Image.open(BytesIO(drawn.data)) as image:
        assert image.size == (width, height)
    assert render(Reply(picture=picture), HOME, drawn)[0].method == method


def test_taking_back_is_offered_for_what_holds_a_secret_where_the_message_is_known() -> None:
    """The line fits whatever the chat; it is another for everybody."""
    reply = Reply("Wi-Fi", revealing=True, buttons=((Button("a", "a"),),))
    wide: Address = {**HOME, "chat": -1001234567890, "said": 2_147_483_647, "user": 8_999_999_999}
    lines = [
        offered(reply, address, TOKEN).buttons[-1][0].line for address in (HOME, wide, {**wide, "user": 1})
    ]
    assert len(set(lines)) == 3
    assert max(len(line.encode()) for line in lines) <= 64
    assert [row[0].line for row in taking_back(offered(reply, HOME, TOKEN))] == lines[:1]
    assert offered(replace(reply, revealing=False), HOME, TOKEN) == replace(reply, revealing=False)
    assert offered(reply, {"chat": 7, "user": 7, "private": 1, "callback": "9"}, TOKEN) == reply


@pytest.mark.parametrize("letter", ["a", "é", "😀", "\u202e", "ש", "👩‍👩‍👧"])
def test_a_caption_is_whole_or_follows_whole_whatever_is_written(letter: str) -> None:
    """Emoji count twice and joined ones more, marks that turn the text around count; none is cut in two."""
    picture = Picture(payload_of("hello"), parse_style("black on white"))
    drawn = drawn_now(picture)
    many = CAPTION // utf16(letter)
    for count in (many, many + 1, 3 * many, 9 * many):
        calls = render(Reply(body=letter * count, picture=picture), HOME, drawn)
        told = [str(call.fields.get("caption", call.fields.get("text"))) for call in calls]
        assert "".join(told) == letter * count
        assert utf16(told[0]) <= CAPTION
        assert all(0 < utf16(each) <= TEXT for each in told[1:])
        assert bool(told[0]) == (count == many)
