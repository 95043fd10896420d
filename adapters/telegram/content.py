"""What a Telegram message holds that a code can be made of, or that may hold one: pure, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from telegram import Contact, ExternalReplyInfo, Location, Message, MessageEntity

from bot.message import About, Upload, readable
from bot.qr.payloads import KINDS
from bot.qr.payloads.kind import told

LINKS = 3  # addresses that are taken from one text


def content_of(message: Message | ExternalReplyInfo) -> About:
    """Read what a message holds; of one in another chat Telegram tells no text."""
    command, values = _shared(message)
    text, links = "", tuple[str, ...]()
    if isinstance(message, Message):
        entities = message.entities if message.text else message.caption_entities
        text, links = _linked(message.text or message.caption or "", entities)
    return About(text, links, _uploads(message), command, values)


def answered(message: Message) -> About | None:
    """Read what a message answers: the words that were quoted, else all of it; None where it says nothing."""
    before = message.reply_to_message or message.external_reply
    held = content_of(before) if before is not None else About()
    if message.quote is not None:
        text, links = _linked(message.quote.text, message.quote.entities or ())
        held = About(text, links, held.uploads, held.command, held.values)
    return held if held != About() else None


# --- text ---------------------------------------------------------------------------------------------------


def _linked(text: str, entities: Sequence[MessageEntity]) -> tuple[str, tuple[str, ...]]:
    """Give a text and the addresses in it; one whose words are all one link is that link's address."""
    hidden = [each for each in entities if each.type == MessageEntity.TEXT_LINK and each.url]
    if len(hidden) == 1 and _part(text, hidden[0]).strip() == text.strip():
        return hidden[0].url or "", ()
    return text, tuple(dict.fromkeys(_addresses(text, entities)))[:LINKS]


def _addresses(text: str, entities: Sequence[MessageEntity]) -> Iterator[str]:
    for entity in entities:
        if entity.type == MessageEntity.TEXT_LINK and entity.url:
            yield entity.url
        elif entity.type == MessageEntity.URL:
            yield _part(text, entity)


def _part(text: str, entity: MessageEntity) -> str:
    """Cut out what an entity covers; it counts in UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "ignore")


# --- contacts and places ------------------------------------------------------------------------------------


def _shared(message: Message | ExternalReplyInfo) -> tuple[str, dict[str, str]]:
    """Read what was shared from the address book or the map: the command it stands for, and its values."""
    if message.contact is not None:
        return "contact", _contact(message.contact)
    if message.venue is not None:
        return "place", _place(message.venue.location) | {"label": message.venue.title}
    if message.location is not None:
        return "place", _place(message.location)
    return "", {}


def _contact(contact: Contact) -> dict[str, str]:
    """Take the card where there is one, else name and number; Telegram's numbers may lack their plus."""
    card = KINDS["contact"].read(contact.vcard or "")
    values = {entry.name: value for entry, value in told(card.content)} if card is not None else {}
    number = contact.phone_number
    phone = number if number.startswith("+") or not number.isdigit() else f"+{number}"
    named = {"first": contact.first_name, "last": contact.last_name or "", "phones": phone}
    return {name: value for name, value in named.items() if value} | values | {"format": "vcard3"}


def _place(location: Location) -> dict[str, str]:
    return {"latitude": f"{location.latitude:.6f}", "longitude": f"{location.longitude:.6f}"}


# --- files --------------------------------------------------------------------------------------------------


def _uploads(message: Message | ExternalReplyInfo) -> tuple[Upload, ...]:
    """Take a picture, a file that may be read, or a sticker that stands still."""
    if message.photo:
        size = max(message.photo, key=lambda photo: photo.width * photo.height)
        return (Upload(size.file_id, "photo.jpg", "image/jpeg", size.file_size or 0),)
    sticker, document = message.sticker, message.document
    if sticker is not None and not (sticker.is_animated or sticker.is_video):
        return (Upload(sticker.file_id, "sticker.webp", "image/webp", sticker.file_size or 0),)
    if document is None:
        return ()
    name, media_type = document.file_name or "", document.mime_type or ""
    if not readable(name, media_type):
        return ()
    return (Upload(document.file_id, name, media_type, document.file_size or 0),)
