"""From a reply to the calls of the Bot API that say it: pure. Everything a person wrote is escaped here.

Limits: core.telegram.org/bots/api#sendmessage, #sendphoto, #inlinekeyboardbutton.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
    SwitchInlineQueryChosenChat,
)

from adapters.telegram.parse import KNOCK
from bot.face import Address
from bot.i18n import Translator
from bot.message import COPIED, LINE, Button, Reply, Tone, fits
from bot.qr.picture import Rendered, sides
from bot.qr.style import TRANSPARENT

TEXT, CAPTION = 4096, 1024  # characters without markup; counted here in UTF-16 units, which are never fewer
PHOTO, SIDES, RATIO = 10_000_000, 10_000, 20  # of a photo: bytes; width + height in pixels; longer : shorter

_PHOTOS = ("image/png", "image/jpeg")
_STYLES = {Tone.PLAIN: None, Tone.MAIN: "primary", Tone.DANGER: "danger"}
_INPUT = {"photo": InputMediaPhoto, "document": InputMediaDocument}

Row = tuple[str, str]  # a line's strong beginning, and the rest of it


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a method of ``telegram.Bot`` and what it takes."""

    method: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Attached:
    """A file to upload. ``kind``: "photo" or "document", as the Bot API names them."""

    kind: str
    name: str
    media_type: str
    data: bytes

    def upload(self, *, nested: bool = False) -> InputFile:
        """Make the SDK's file; ``nested``: for inside an InputMedia."""
        file = InputFile(self.data, filename=self.name, attach=nested)
        file.mimetype = (
            self.media_type
        )  # the SDK guesses from the name, by tables that differ between machines
        return file


def aside(reply: Reply, address: Address) -> bool:
    """Tell whether a reply goes to the person alone though others read along where they spoke."""
    return reply.private and not reply.shared and not address.get("private")


def render(
    reply: Reply, address: Address, drawn: Rendered | None = None, *, inline: bool = False
) -> tuple[Call, ...]:
    """Lay a reply out; ``drawn`` is its picture, or the picture of its file, in bytes.

    ``inline``: the bot can be called in other chats, so something can be shared through it.

    The first call carries the picture and, if any, takes the place of the message pressed. A card too long
    for a caption follows as messages of its own. Raises ValueError for a button that Telegram cannot carry.
    """
    attached = _attached(reply, drawn)
    rows, keyboard = _rows(reply), _keyboard(reply, inline=inline)
    fits = sum(map(_length, rows)) + len(rows) - 1 <= CAPTION
    editing = _editing(reply, address, attached, fits)
    if attached is None and editing != "edit_message_caption":
        contents = _texts(rows, keyboard)
    else:
        first = _media(attached, _html(rows) if fits else "", keyboard, editing)
        contents = (first, *(() if fits else _texts(rows, None)))
    return _calls(contents, editing, address, alone=aside(reply, address))


def knock(language: str, bot_name: str) -> Reply:
    """Ask somebody, in a group, to open the chat in which the bot may not write yet."""
    t = Translator(language)
    body = t("My answer is for you alone. Please open our chat, press Start, then ask again.")
    opening = Button(t("Open our chat"), url=f"https://t.me/{bot_name}?start={KNOCK}")
    return Reply(body=body, buttons=((opening,),))


# --- calls --------------------------------------------------------------------------------------------------


def _editing(reply: Reply, address: Address, attached: _Attached | None, fits: bool) -> str:
    """Name the method that changes the message pressed; empty where a new message is needed."""
    if not (reply.replace and address.get("callback")) or aside(reply, address):
        return ""
    if address.get("photo"):
        return "edit_message_media" if attached else "edit_message_caption" if fits else ""
    return "" if attached else "edit_message_text"


def _calls(
    contents: tuple[dict[str, Any], ...], editing: str, address: Address, *, alone: bool
) -> tuple[Call, ...]:
    """Send or edit the first content, and send the others after it."""
    place = _place(address, alone)
    sent = tuple(Call(_sending(fields), place | fields) for fields in contents)
    if not editing:
        return sent
    where = {"chat_id": address["chat"], "message_id": address["message"]}
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


def _texts(rows: list[Row], keyboard: InlineKeyboardMarkup | None) -> tuple[dict[str, Any], ...]:
    """Spread a card over as many messages as it needs; the buttons are under the last."""
    chunks = [_html(chunk) for chunk in _chunks(rows)] or ["…"]
    plain = {"parse_mode": "HTML", "link_preview_options": LinkPreviewOptions(is_disabled=True)}
    markups = [None] * (len(chunks) - 1) + [keyboard]
    return tuple(
        plain | {"text": text, "reply_markup": markup} for text, markup in zip(chunks, markups, strict=True)
    )


def _media(
    attached: _Attached | None, caption: str, keyboard: InlineKeyboardMarkup | None, editing: str
) -> dict[str, Any]:
    told: dict[str, Any] = {"caption": caption, "parse_mode": "HTML"}
    if attached is None:
        return told | {"reply_markup": keyboard}
    if editing:
        media = _INPUT[attached.kind](attached.upload(nested=True), **told)
        return {"media": media, "reply_markup": keyboard}
    return told | {attached.kind: attached.upload(), "reply_markup": keyboard}


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
    if drawn.media_type not in _PHOTOS or len(drawn.data) > PHOTO:
        return False
    if style.light == TRANSPARENT or style.print.width:
        return False
    width, height = sides(drawn.data)
    return width + height <= SIDES and max(width, height) <= RATIO * min(width, height)


# --- text ---------------------------------------------------------------------------------------------------


def _rows(reply: Reply) -> list[Row]:
    """Lay the card out line by line."""
    rows = [(line, "") for line in reply.title.split("\n") if line]
    rows += [("", line) for line in reply.body.split("\n") if reply.body]
    for field in reply.fields:
        first, *more = field.value.split("\n")
        rows += [(f"{field.label}:", f" {first}"), *(("", line) for line in more)]
    return rows


def _html(rows: list[Row]) -> str:
    return "\n".join(
        (f"<b>{escape(strong, quote=False)}</b>" if strong else "") + escape(plain, quote=False)
        for strong, plain in rows
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _length(row: Row) -> int:
    return _units(row[0] + row[1])


def _chunks(rows: list[Row]) -> Iterator[list[Row]]:
    """Group lines into messages; what would be an empty message is none."""
    chunk: list[Row] = []
    used = 0
    for row in (piece for line in rows for piece in _pieces(line)):
        if chunk and used + 1 + _length(row) > TEXT:
            yield from _told(chunk)
            chunk, used = [], 0
        used += _length(row) + (1 if chunk else 0)
        chunk.append(row)
    yield from _told(chunk)


def _told(chunk: list[Row]) -> Iterator[list[Row]]:
    if any((strong + plain).strip() for strong, plain in chunk):
        yield chunk


def _pieces(row: Row) -> Iterator[Row]:
    """Break a line that is too long for any message, after a space where there is one."""
    if _length(row) <= TEXT:
        yield row
        return
    text = row[0] + row[1]
    while text:
        head = text.encode("utf-16-le", "surrogatepass")[: 2 * TEXT].decode("utf-16-le", "ignore")
        end = head.rfind(" ") + 1 if len(head) < len(text) else 0
        yield "", text[: end or len(head)]
        text = text[end or len(head) :]


# --- buttons ------------------------------------------------------------------------------------------------


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
