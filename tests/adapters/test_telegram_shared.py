"""What people share from Telegram's address book, map and files becomes what they mean."""

from typing import Any

import pytest
from telegram import Update

from adapters.telegram.parse import parse
from bot.message import Request

ADA = {"id": 101, "is_bot": False, "first_name": "Ada"}
CARD = "BEGIN:VCARD\nVERSION:3.0\nN:Lovelace;Ada;;;\nFN:Ada Lovelace\nEMAIL:ada@example.org\nEND:VCARD"


def shared(**content: Any) -> Request:
    """Parse a private message with this in it."""
    chat = {"id": 101, "type": "private"}
    message = {"message_id": 7, "date": 1_900_000_000, "chat": chat, "from": ADA, **content}
    update = Update.de_json({"update_id": 1, "message": message}, None)
    assert update is not None
    request = parse(update, "qr_bot")
    assert request is not None
    return request


@pytest.mark.parametrize(
    ("contact", "values"),
    [
        (
            {"phone_number": "442079460958", "first_name": "Ada", "last_name": "Lovelace"},
            {"first": "Ada", "last": "Lovelace", "phones": "+442079460958", "format": "vcard3"},
        ),
        (
            {"phone_number": "+442079460958", "first_name": "Ada"},
            {"first": "Ada", "phones": "+442079460958", "format": "vcard3"},
        ),
        (
            {"phone_number": "+442079460958", "first_name": "A", "vcard": CARD},
            {
                "first": "Ada", "last": "Lovelace", "phones": "+442079460958", "emails": "ada@example.org",
                "format": "vcard3",
            },
        ),
    ],
)  # fmt: skip
def test_a_shared_contact_is_a_contact(contact: dict[str, str], values: dict[str, str]) -> None:
    """With its card where Telegram has one; numbers get their plus."""
    request = shared(contact=contact)
    assert (request.command, dict(request.values)) == ("contact", values)


def test_a_location_is_a_place() -> None:
    """And a venue one with a name."""
    where = {"latitude": 48.8584, "longitude": 2.2945}
    point = {"latitude": "48.858400", "longitude": "2.294500"}
    assert (shared(location=where).command, dict(shared(location=where).values)) == ("place", point)
    venue = {"location": where, "title": "Eiffel Tower", "address": "Paris"}
    request = shared(location=where, venue=venue)
    assert dict(request.values) == {**point, "label": "Eiffel Tower"}


@pytest.mark.parametrize(
    ("name", "media_type", "taken"),
    [
        ("ada.vcf", "text/x-vcard", True),
        ("tea.ics", "text/calendar", True),
        ("IMG_1.HEIC", "application/octet-stream", True),
        ("invoice.pdf", "application/pdf", True),
        ("song.mp3", "audio/mpeg", False),
    ],
)
def test_files_that_can_be_read_are_taken(name: str, media_type: str, taken: bool) -> None:
    """By their media type, or by their ending where there is none of use."""
    document = {
        "file_id": "F",
        "file_unique_id": "U",
        "file_name": name,
        "mime_type": media_type,
        "file_size": 9,
    }
    assert bool(shared(document=document).uploads) is taken
