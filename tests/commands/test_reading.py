"""Pictures that are sent are read: what they say, for the person alone."""

from io import BytesIO

import pytest
from PIL import Image

from bot.commands.reading import COPY
from bot.message import Asking, Reply, Status, Upload
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, render
from bot.qr.style import Style
from bot.wire import load_request
from tests.core.talking import GROUP, Core, asked, button, labels, rows, said


def photo(*texts: str) -> tuple[Upload, ...]:
    """Make a picture of each text, as the page sends it."""
    drawn = [render(Picture(Payload(text), Style(size=512))).data for text in texts]
    return tuple(
        Upload("", f"{number}.png", "image/png", len(data), data) for number, data in enumerate(drawn)
    )


def told(reply: Reply) -> list[tuple[str, str]]:
    """Give a card's fields."""
    return [(entry.label, entry.value) for entry in reply.fields]


async def test_a_picture_says_what_is_in_it_and_lets_it_be_copied(core: Core) -> None:
    """Private, since nobody knows before what it says; nothing is kept."""
    reply = await said(core, uploads=photo("https://example.com"), where=GROUP)
    assert (reply.title, reply.private) == ("This code says", True)
    assert [value for _, value in told(reply)] == ["https://example.com"]
    assert button(reply, "Copy").copy == "https://example.com"
    assert await rows(core.store) == {}


async def test_a_network_is_taken_apart(core: Core) -> None:
    """Name, key, encryption, and whether it hides."""
    [shown] = photo("WIFI:T:WPA;S:Home;P:secret key;H:true;;")
    reply = await said(core, uploads=(shown,))
    assert told(reply) == [
        ("Network", "Home"), ("Password", "secret key"), ("Encryption", "WPA"), ("Hidden", "yes"),
    ]  # fmt: skip
    [open_one] = photo("WIFI:S:Café;;")
    assert told(await said(core, uploads=(open_one,))) == [("Network", "Café"), ("Encryption", "nopass")]


async def test_several_pictures_are_read_together(core: Core) -> None:
    """A button each, by what it says; a long text is cut on it, one too long to copy has none."""
    texts = ("one", "two words\nin lines that are longer than any button", "x" * (COPY + 1))
    reply = await said(core, uploads=photo(*texts))
    assert reply.title == "3 codes"
    assert [value for _, value in told(reply)] == list(texts)
    assert labels(reply) == ["one", "two words in lines that are longer than…"]


async def test_only_ten_codes_are_offered_to_copy(core: Core) -> None:
    """The card has them all."""
    reply = await said(core, uploads=photo(*(f"code {number}" for number in range(12))))
    assert (len(reply.fields), len(labels(reply))) == (12, 10)


async def test_a_picture_without_a_code_says_how_to_do_better(core: Core) -> None:
    """Closer, sharper, with space around."""
    blank = BytesIO()
    Image.new("L", (64, 64), 255).save(blank, "PNG")
    reply = await said(core, uploads=(Upload("", "blank.png", "image/png", 1, blank.getvalue()),))
    assert ("no code" in reply.body, reply.status, reply.private) == (True, Status.MISSING, True)


@pytest.mark.parametrize("data", [b"no picture", b"\x89PNG\r\n\x1a\n broken", b"<svg/>"])
async def test_what_is_no_picture_is_refused(core: Core, data: bytes) -> None:
    """With what can be sent."""
    reply = await said(core, uploads=(Upload("", "x.png", "image/png", len(data), data),))
    assert ("PNG, JPEG, WebP, GIF or BMP" in reply.body, reply.status) == (True, Status.REFUSED)


async def test_the_word_alone_says_what_to_send(core: Core) -> None:
    """It needs a picture."""
    assert "Send me a picture" in (await said(core, "/read")).body
    assert (await said(core, "/read this")).status is Status.REFUSED


async def test_a_file_that_must_be_fetched_becomes_a_job(core: Core) -> None:
    """Kept as its reference, without bytes; a caption is no text to make a code of."""
    upload = Upload("file-id", "photo.jpg", "image/jpeg", 1000)
    assert await asked(core, "look at this", uploads=(upload,), asking=Asking.QUESTION) == []
    [job] = core.woken[-1].requests
    assert load_request(job.body).uploads == (upload,)
    assert "codes" not in await rows(core.store)
