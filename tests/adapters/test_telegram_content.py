"""What a Telegram message holds, and what it answers: hidden links, quotes, stickers, what is passed on."""

from typing import Any

import pytest
from telegram import Update

from adapters.telegram.links import deep_link
from adapters.telegram.parse import parse
from adapters.telegram.render import render
from bot.about import taken_up
from bot.commands import COMMANDS
from bot.message import Reply, Request

BOT = "qr_bot"
ADA = {"id": 101, "is_bot": False, "first_name": "Ada"}
BEA = {"id": 102, "is_bot": False, "first_name": "Bea"}
OURS = {"id": 1, "is_bot": True, "first_name": "QR", "username": BOT}
HOME = {"id": 101, "type": "private"}
GROUP = {"id": -100, "type": "supergroup", "title": "Friends"}
PHOTO = [{"file_id": "P", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 5}]
PLACE = {"latitude": 48.8584, "longitude": 2.2945}
FORWARDED = {"type": "user", "date": 1, "sender_user": BEA}


def read(**content: Any) -> Request | None:
    """Parse a private message with this in it, and give the command what it answers."""
    message = {"message_id": 7, "date": 1_900_000_000, "chat": HOME, "from": ADA, **content}
    update = Update.de_json({"update_id": 1, "message": message}, None)
    assert update is not None
    request = parse(update, BOT)
    return request and taken_up(request, COMMANDS)


def meant(**content: Any) -> Request:
    """Parse a message that is for us."""
    request = read(**content)
    assert request is not None
    return request


def said(**content: Any) -> dict[str, Any]:
    """Lay out a message of Bea's that is answered."""
    return {"message_id": 2, "date": 1, "chat": GROUP, "from": BEA, **content}


def link(offset: int, length: int, url: str = "https://example.com/menu") -> dict[str, Any]:
    """Lay out an address behind words."""
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


# --- links --------------------------------------------------------------------------------------------------


def test_an_address_behind_words_comes_along() -> None:
    """The text stays the text; where all of it is one link, its address is what is meant."""
    request = meant(text="😀 our menu, see", entities=[link(3, 8)])
    assert (request.text, request.links) == ("😀 our menu, see", ("https://example.com/menu",))
    assert meant(text=" Menu ", entities=[link(1, 4)]).text == "https://example.com/menu"
    assert meant(text="Menu", entities=[link(0, 4)]).links == ()


def test_addresses_in_the_text_come_along_once_and_three_at_most() -> None:
    """In captions too."""
    text = "a.example b.example a.example c.example d.example"
    marks = [{"type": "url", "offset": at, "length": 9} for at in range(0, 50, 10)]
    assert meant(text=text, entities=marks).links == ("a.example", "b.example", "c.example")
    assert meant(photo=PHOTO, caption="see this", caption_entities=[link(0, 3)]).links


def test_an_entity_that_covers_no_text_costs_nothing() -> None:
    """Telegram counts in UTF-16 units; half a character is left out."""
    request = meant(text="😀!", entities=[{"type": "url", "offset": 1, "length": 9}])
    assert request.text == "😀!"


# --- what is passed on --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["hello", "/forgetme confirm=yes", "help", "cancel"])
def test_what_is_forwarded_is_a_text_and_no_command(text: str) -> None:
    """Who passes a command on has not given it."""
    request = meant(text=text, forward_origin=FORWARDED)
    assert (request.command, dict(request.values)) == ("qr", {"text": text})


def test_a_picture_that_is_forwarded_is_read() -> None:
    """Whatever stands below it; also one that came out of an inline query."""
    request = meant(photo=PHOTO, caption="/logo", forward_origin=FORWARDED)
    assert (request.text, request.command, len(request.uploads)) == ("", "", 1)
    assert meant(photo=PHOTO, forward_origin=FORWARDED, via_bot=OURS).uploads
    assert read(photo=PHOTO, via_bot=OURS) is None
    assert meant(photo=PHOTO, via_bot=OURS | {"username": "other_bot"}).uploads


def test_what_is_forwarded_into_a_group_is_not_for_the_bot() -> None:
    """Unless somebody answers it with a command."""
    assert read(text="/qr hello", chat=GROUP, forward_origin=FORWARDED) is None
    request = meant(text="/qr", chat=GROUP, reply_to_message=said(text="/qr hello", forward_origin=FORWARDED))
    assert dict(request.values) == {"text": "/qr hello"}


# --- what is answered ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["/qr", f"/qr@{BOT}", f"@{BOT}", f"/text@{BOT}"])
def test_a_bare_command_is_about_the_message_that_it_answers(command: str) -> None:
    """Also somebody else's, in a group; the text is taken as it stands."""
    request = meant(text=command, chat=GROUP, reply_to_message=said(text="look=red  and so on"))
    assert request.command in ("qr", "text")
    assert dict(request.values) == {"text": "look=red  and so on"}


def test_words_beside_the_command_are_what_is_meant() -> None:
    """Then the message that is answered is only what one talks about."""
    request = meant(text="/qr hello", reply_to_message=said(text="other", photo=PHOTO))
    assert (request.text, request.uploads) == ("/qr hello", ())
    assert meant(text="hello", reply_to_message=said(text="other")).text == "hello"
    assert meant(text="/help", reply_to_message=said(text="other")).text == "/help"


def test_options_beside_the_command_go_with_what_is_answered() -> None:
    """A look for somebody's text."""
    request = meant(text='/qr look="red on white"', reply_to_message=said(text="hello"))
    assert dict(request.values) == {"text": "hello", "look": "red on white"}


def test_what_was_quoted_is_meant_before_the_whole() -> None:
    """Also of a message in another chat."""
    quote = {"text": "part", "position": 4}
    assert meant(text="/qr", reply_to_message=said(text="the part"), quote=quote).values["text"] == "part"
    elsewhere = {"origin": FORWARDED, "photo": PHOTO}
    assert meant(text="/qr", external_reply=elsewhere | {"photo": []}, quote=quote).values["text"] == "part"
    assert meant(text="/read", external_reply=elsewhere).uploads[0].ref == "P"


@pytest.mark.parametrize("command", ["/qr", "/read", "/prove", "/logo", "/kit", "/style", "/wifi"])
def test_a_picture_that_is_answered_goes_to_the_command(command: str) -> None:
    """Those that take none read it where they would make a code."""
    request = meant(text=command, chat=GROUP, reply_to_message=said(photo=PHOTO))
    assert [upload.ref for upload in request.uploads] == ["P"]
    assert request.text == ("" if command in ("/qr", "/wifi") else command)


def test_words_for_a_picture_that_is_answered_stay() -> None:
    """A size for the logo."""
    request = meant(text="/logo 20%", reply_to_message=said(photo=PHOTO))
    assert (request.text, len(request.uploads)) == ("/logo 20%", 1)


def test_what_was_shared_and_is_answered_is_what_it_is() -> None:
    """A contact, a place; by its own command too."""
    contact = {"phone_number": "+442079460958", "first_name": "Bea"}
    for command in ("/qr", "/contact"):
        request = meant(text=command, reply_to_message=said(contact=contact))
        assert (request.command, request.values["first"]) == ("contact", "Bea")
    assert meant(text="/qr", reply_to_message=said(location=PLACE)).command == "place"
    assert meant(text="/wifi", reply_to_message=said(location=PLACE)).text == "/wifi"


def test_a_kind_takes_what_it_recognises_in_the_text_that_is_answered() -> None:
    """A network as people write it down; an address behind words; else the words in their order."""
    note = said(text="WLAN: Guest, Passwort: long enough")
    assert dict(meant(text="/wifi", reply_to_message=note).values) == {
        "ssid": "Guest",
        "password": "long enough",
    }
    menu = said(text="our menu", entities=[link(0, 3)])
    assert dict(meant(text="/url", reply_to_message=menu).values) == {"url": "https://example.com/menu"}
    assert (
        meant(text="/wifi", reply_to_message=said(text="Guest s3cret-pass")).text == "/wifi Guest s3cret-pass"
    )


def test_the_first_message_of_a_topic_is_not_answered_by_all_others() -> None:
    """Telegram names it as what every message of the topic answers."""
    made = said(forum_topic_created={"name": "Lunch", "icon_color": 1})
    request = meant(text="/qr", chat=GROUP, reply_to_message=made)
    assert (request.text, request.about) == ("/qr", None)


def test_an_answer_to_the_bot_without_words_makes_no_code_of_its_message() -> None:
    """A sticker under a picture of ours."""
    sticker = {"file_id": "S", "file_unique_id": "u", "width": 9, "height": 9, "type": "regular"}
    moving = sticker | {"is_animated": True, "is_video": False}
    request = meant(sticker=moving, chat=GROUP, reply_to_message=said(text="Saved") | {"from": OURS})
    assert (request.text, request.command, request.uploads) == ("", "", ())


# --- files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("animated", "video", "count"), [(False, False, 1), (True, False, 0), (False, True, 0)]
)
def test_a_sticker_that_stands_still_is_a_picture(animated: bool, video: bool, count: int) -> None:
    """One that moves is nothing to read; the core says what is."""
    sticker = {"file_id": "S", "file_unique_id": "u", "width": 512, "height": 512, "type": "regular"}
    request = meant(sticker=sticker | {"is_animated": animated, "is_video": video})
    assert [upload.media_type for upload in request.uploads] == ["image/webp"] * count


def test_files_sent_together_share_a_name() -> None:
    """An album's photos come as messages of their own."""
    assert meant(photo=PHOTO, media_group_id="13").album == "13"
    assert meant(photo=PHOTO).album == ""


@pytest.mark.parametrize("length", [1, 64])
def test_a_link_to_the_bot_brings_a_word(length: int) -> None:
    """As Telegram's own do."""
    assert deep_link(BOT, "x" * length) == f"https://t.me/{BOT}?start={'x' * length}"
    assert deep_link(BOT, "") == f"https://t.me/{BOT}"


# --- questions in groups ------------------------------------------------------------------------------------

ASKED = Reply("Wi-Fi", "Network name?", expects="Network name")


def test_a_question_in_a_group_opens_its_answer_for_the_one_who_is_asked() -> None:
    """A bot with privacy mode hears only what answers it; a field takes 64 characters."""
    (call,) = render(ASKED, {"chat": -100, "user": 7, "private": 0, "message": 3})
    forced = call.fields["reply_markup"].to_dict()
    assert forced == {"force_reply": True, "selective": True, "input_field_placeholder": "Network name"}
    assert call.fields["reply_parameters"].message_id == 3
    (pressed,) = render(
        ASKED, {"chat": -100, "user": 7, "private": 0, "message": 9, "callback": "1", "asked": 3}
    )
    assert pressed.fields["reply_parameters"].message_id == 3
    (long,) = render(Reply(body="a", expects="x" * 99), {"chat": -100, "user": 7, "private": 0, "message": 3})
    assert long.fields["reply_markup"].input_field_placeholder == "x" * 64


def test_a_question_where_nobody_reads_along_opens_nothing() -> None:
    """There every message is heard, and the buttons stay."""
    assert render(ASKED, {"chat": 7, "user": 7, "private": 1})[0].fields["reply_markup"] is None
    alone = Reply("Wi-Fi", "Network key?", expects="Network key", private=True)
    (call,) = render(alone, {"chat": -100, "user": 7, "private": 0, "message": 3})
    assert (call.fields["chat_id"], call.fields["reply_markup"]) == (7, None)
