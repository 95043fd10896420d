"""From a reply to the calls of the Bot API that say it: pure.

Limits: core.telegram.org/bots/api#sendmessage, #sendphoto, #inlinekeyboardbutton.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
    SwitchInlineQueryChosenChat,
)

from adapters.telegram.lines import Row, fits_below, html, laid_out, messages
from adapters.telegram.links import KNOCK, deep_link
from bot.face import Address
from bot.i18n import Translator
from bot.message import COPIED, LINE, Button, Reply, Tone, fits
from bot.qr.picture import Rendered, sides
from bot.qr.style import TRANSPARENT

PHOTO, SIDES, RATIO = 10_000_000, 10_000, 20  # of a photo: bytes; width + height in pixels; longer : shorter
PLACEHOLDER = 64  # characters in the empty field of a forced reply

PHOTOS = ("image/png", "image/jpeg")
_STYLES = {Tone.PLAIN: None, Tone.MAIN: "primary", Tone.DANGER: "danger"}
_INPUT = {"photo": InputMediaPhoto, "document": InputMediaDocument}

Markup = InlineKeyboardMarkup | ForceReply


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a method of ``telegram.Bot`` and what it takes."""

    method: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Attached:
    """A file to upload, or one that Telegram has. ``kind``: "photo" or "document", as the Bot API says."""

    kind: str
    name: str = ""
    media_type: str = ""
    data: bytes = b""
    known: str = ""  # its file_id

    def upload(self, *, nested: bool = False) -> InputFile | str:
        """Make the SDK's file; ``nested``: for inside an InputMedia."""
        if self.known:
            return self.known
        file = InputFile(self.data, filename=self.name, attach=nested)
        file.mimetype = (
            self.media_type
        )  # the SDK guesses from the name, by tables that differ between machines
        return file


def aside(reply: Reply, address: Address) -> bool:
    """Tell whether a reply goes to the person alone though others read along where they spoke."""
    return reply.private and not reply.shared and not address.get("private")


def target(reply: Reply, address: Address) -> tuple[int, int] | None:
    """Find the message whose place a reply takes, by chat and number: the one pressed, or an earlier answer.

    None where there is none, and where it stands somewhere else than the reply may be read.
    """
    if not reply.replace:
        return None
    chat, number = int(address["chat"]), int(address.get("message", 0))
    if address.get("instead"):
        chat, number = map(int, str(address["instead"]).split(":"))
    elif not address.get("callback"):
        return None
    here = address["user"] if aside(reply, address) else address["chat"]
    return (chat, number) if chat == here else None


def in_place(address: Address, reply: Reply) -> bool:
    """Tell whether a reply would change the message pressed, as far as can be told before it is drawn."""
    carries = reply.picture is not None or bool(reply.files)
    return bool(_editing(reply, address, carries, fits_below(laid_out(reply))))


def unchanged(error: str) -> bool:
    """Tell Telegram's refusal of a change that changes nothing, which is as good as done."""
    return "message is not modified" in error.lower()


def render(
    reply: Reply,
    address: Address,
    drawn: Rendered | None = None,
    known: str = "",
    *,
    inline: bool = False,
) -> tuple[Call, ...]:
    """Lay a reply out; ``drawn`` is its picture, or the picture of its file, in bytes.

    ``known``: Telegram has it already, as "photo:" or "document:" and its file_id. ``inline``: the bot can be
    called in other chats, so something can be shared through it.
    The first call carries the picture and, if any, takes the place of the message pressed. A card too long
    for a caption follows as messages of its own. Raises ValueError for a button that Telegram cannot carry.
    """
    attached = _known(known) if known else _attached(reply, drawn)
    rows, forced = laid_out(reply), _forced(reply, address)
    keyboard = forced or _keyboard(reply, inline=inline)
    if forced and address.get("asked"):  # our message has to answer the person's, not the one pressed
        address = {**address, "message": address["asked"]}
    below = fits_below(rows)
    editing = _editing(reply, address, attached is not None, below)
    if attached is None and editing != "edit_message_caption":
        contents = _texts(rows, keyboard)
    else:
        first = _media(attached, html(rows) if below else "", keyboard, editing)
        contents = (first, *(() if below else _texts(rows, None)))
    place = _place(address, aside(reply, address))
    return _calls(contents, editing, target(reply, address), place)


def knock(language: str, bot_name: str) -> Reply:
    """Ask somebody, in a group, to open the chat in which the bot may not write yet."""
    t = Translator(language)
    body = t("My answer is for you alone. Please open our chat, press Start, then ask again.")
    opening = Button(t("Open our chat"), url=deep_link(bot_name, KNOCK))
    return Reply(body=body, buttons=((opening,),))


# --- calls --------------------------------------------------------------------------------------------------


def _editing(reply: Reply, address: Address, carries: bool, below: bool) -> str:
    """Name the method that changes a message in place; empty where a new message is needed.

    ``carries``: the reply has a picture or a file. ``below``: its card fits below one. What answered a
    message before has one too.
    """
    if target(reply, address) is None:
        return ""
    if address.get("photo") or address.get("instead"):
        return "edit_message_media" if carries else "edit_message_caption" if below else ""
    return "" if carries else "edit_message_text"


def _calls(
    contents: tuple[dict[str, Any], ...], editing: str, edited: tuple[int, int] | None, place: dict[str, Any]
) -> tuple[Call, ...]:
    """Send or edit the first content, and send the others after it."""
    sent = tuple(Call(_sending(fields), place | fields) for fields in contents)
    if not editing or edited is None:
        return sent
    where = {"chat_id": edited[0], "message_id": edited[1]}
    return (Call(editing, where | contents[0]), *sent[1:])


def _sending(fields: Mapping[str, Any]) -> str:
    return next((f"send_{kind}" for kind in _INPUT if kind in fields), "send_message")


def _place(address: Address, alone: bool) -> dict[str, Any]:
    if alone:
        return {"chat_id": address["user"]}
    place: dict[str, Any] = {"chat_id": address["chat"]}
    if address.get("thread"):
        place["message_thread_id"] = address["thread"]
    if address.get("message") and not address.get("private"):
        answered = int(address["message"])
        place["reply_parameters"] = ReplyParameters(answered, allow_sending_without_reply=True)
    return place


def _texts(rows: list[Row], keyboard: Markup | None) -> tuple[dict[str, Any], ...]:
    """Spread a card over as many messages as it needs; the buttons are under the last."""
    chunks = [html(chunk) for chunk in messages(rows)] or ["…"]
    plain = {"parse_mode": "HTML", "link_preview_options": LinkPreviewOptions(is_disabled=True)}
    markups = [None] * (len(chunks) - 1) + [keyboard]
    return tuple(
        plain | {"text": text, "reply_markup": markup} for text, markup in zip(chunks, markups, strict=True)
    )


def _media(attached: _Attached | None, caption: str, keyboard: Markup | None, editing: str) -> dict[str, Any]:
    told: dict[str, Any] = {"caption": caption, "parse_mode": "HTML"}
    if attached is None:
        return told | {"reply_markup": keyboard}
    if editing:
        media = _INPUT[attached.kind](attached.upload(nested=True), **told)
        return {"media": media, "reply_markup": keyboard}
    return told | {attached.kind: attached.upload(), "reply_markup": keyboard}


def _known(name: str) -> _Attached:
    kind, _, file = name.partition(":")
    return _Attached(kind, known=file)


def _attached(reply: Reply, drawn: Rendered | None) -> _Attached | None:
    """Find what to upload: the picture, shown where Telegram can; a file, always as a document."""
    if reply.picture is not None and drawn is not None:
        name = f"{reply.picture.name}.{drawn.extension}"
        return _Attached("photo" if _shown(drawn) else "document", name, drawn.media_type, drawn.data)
    file = next(iter(reply.files), None)
    if file is None:
        return None
    if drawn is not None and file.picture is not None:
        return _Attached("document", file.name, drawn.media_type, drawn.data)
    return _Attached("document", file.name, file.media_type, file.data)


def _shown(drawn: Rendered) -> bool:
    """Tell whether a picture can be a photo: Telegram recompresses those, and nothing in them is clear.

    Limits: core.telegram.org/bots/api#sendphoto.
    """
    style = drawn.style
    if drawn.media_type not in PHOTOS or len(drawn.data) > PHOTO:
        return False
    if style.light == TRANSPARENT or style.print.width:
        return False
    width, height = sides(drawn.data)
    return width + height <= SIDES and max(width, height) <= RATIO * min(width, height)


# --- buttons ------------------------------------------------------------------------------------------------


def _forced(reply: Reply, address: Address) -> ForceReply | None:
    """Open the answer to a question where others read along: a bot hears there what answers it.

    It opens for whom our message answers alone.
    """
    if not reply.expects or address.get("private") or aside(reply, address):
        return None
    return ForceReply(selective=True, input_field_placeholder=reply.expects[:PLACEHOLDER])


def _keyboard(reply: Reply, *, inline: bool) -> InlineKeyboardMarkup | None:
    rows = [[made for button in row if (made := _button(button, inline=inline))] for row in reply.buttons]
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None


def _button(button: Button, *, inline: bool) -> InlineKeyboardButton | None:
    """Make a button; None for a text that is too long to be copied or shared by one."""
    style = _STYLES[button.tone]
    if button.share:
        return _sharing(button) if inline and len(button.share) <= COPIED else None
    if button.line:
        if not fits(button.line):
            raise ValueError(f"the button {button.label!r} says more than {LINE} bytes")
        return InlineKeyboardButton(button.short or button.label, callback_data=button.line, style=style)
    if button.url and _opens(button.url):
        return InlineKeyboardButton(button.label, url=button.url, style=style)
    copied = button.copy or button.url
    if not copied:
        raise ValueError(f"the button {button.label!r} does nothing")
    if len(copied) > COPIED:
        return None
    return InlineKeyboardButton(button.label, copy_text=CopyTextButton(copied), style=style)


def _sharing(button: Button) -> InlineKeyboardButton:
    """Let a person choose a chat, in which the bot is then asked for what is shared."""
    chosen = SwitchInlineQueryChosenChat(
        button.share, allow_user_chats=True, allow_group_chats=True, allow_channel_chats=True
    )
    return InlineKeyboardButton(button.label, switch_inline_query_chosen_chat=chosen)


def _opens(url: str) -> bool:
    """Tell whether Telegram takes an address; it refuses the whole message for localhost, or for mailto."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host.strip(".")
