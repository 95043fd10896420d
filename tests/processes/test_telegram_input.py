"""Everything that people send to a bot on Telegram, to the whole process: an answer each, nothing lost."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import PIL.Image

from tests.fakes import FakeTelegram
from tests.fakes.drawn import qr
from tests.fakes.telegram import Chat, Message, Person
from tests.processes.running import ready, running, start
from tests.processes.test_telegram import settings

KEY = "long enough"
NOTHING = "nothing here that I can make a code of"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada\r\nTEL:+442079460958\r\nEND:VCARD\r\n"
EVENT = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\nDTSTAMP:20270701T160000Z\r\n"
    b"DTSTART:20270701T160000Z\r\nSUMMARY:Tea\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


async def answer(tg: FakeTelegram, chat: Chat, act: Callable[[], int], count: int = 1) -> list[Message]:
    """Let somebody do something, and give what the bot answers."""
    before = len(tg.replies(chat))
    act()
    await tg.until(lambda: len(tg.replies(chat)) >= before + count, 60)
    return tg.replies(chat)[before:]


def told(messages: list[Message]) -> str:
    """Give the words of messages."""
    return "\n".join(message.text + message.caption for message in messages)


def vast() -> bytes:
    """Make a picture of 100 million pixels that is 12 kB large."""
    out = io.BytesIO()
    PIL.Image.new("1", (10_000, 10_000)).save(out, "PNG", optimize=True)
    return out.getvalue()


def sticker(data: bytes) -> bytes:
    """Make a picture a sticker."""
    out = io.BytesIO()
    PIL.Image.open(io.BytesIO(data)).convert("RGB").save(out, "WEBP", lossless=True)
    return out.getvalue()


async def test_any_message_in_private_is_enough(tg: FakeTelegram, tmp_path: Path) -> None:
    """A text, a contact, a place, files, what is forwarded, an album: each becomes what it can."""
    ada, bea = tg.person(), tg.person(first_name="Bea")
    home, group = tg.private(ada, started=True), tg.group(members=[ada, bea])

    async def made(act: Callable[[], int]) -> list[str]:
        [message] = await answer(tg, home, act)
        return tg.decode(message)

    def sends(**fields: Any) -> Callable[[], int]:
        return lambda: tg.sends(ada, home, **fields)

    place = {"latitude": 48.8584, "longitude": 2.2945}
    contact = {"phone_number": "442079460958", "first_name": "Ada", "user_id": 7}
    async with running(tmp_path, **settings(tg)) as bot:
        assert await made(lambda: tg.says(ada, home, "example.com")) == ["https://example.com"]
        assert "TEL;TYPE=CELL:+442079460958" in (await made(sends(contact=contact)))[0]
        assert await made(sends(location=place)) == ["geo:48.8584,2.2945"]
        live = place | {"live_period": 900, "heading": 90}
        assert await made(sends(location=live)) == ["geo:48.8584,2.2945"]
        venue = {"location": place, "title": "Eiffel Tower", "address": "Paris"}
        assert "Eiffel" in (await made(sends(location=place, venue=venue)))[0]
        card = lambda: tg.sends_document(ada, home, "ada.vcf", CARD, "text/x-vcard")  # noqa: E731
        assert "Lovelace" in (await made(card))[0]
        event = lambda: tg.sends_document(ada, home, "tea.ics", EVENT, "text/calendar")  # noqa: E731
        assert "SUMMARY:Tea" in (await made(event))[0]
        for act in (
            lambda: tg.sends_photo(ada, home, qr("a photo says")),
            lambda: tg.sends_document(ada, home, "a.png", qr("a photo says"), "image/png"),
            lambda: tg.sends_sticker(ada, home, sticker(qr("a photo says"))),
        ):
            assert "a photo says" in told(await answer(tg, home, act))
        link = {"type": "text_link", "offset": 4, "length": 4, "url": "https://example.com/menu"}
        tg.says(bea, group, "our menu of today", entities=[link])
        [offered] = await answer(tg, home, lambda: tg.forwards(ada, home, tg.messages(group)[-1]))
        assert tg.decode(offered) == ["our menu of today"]
        pressed = await answer(tg, home, lambda: tg.presses(ada, offered, "Link to example.com"))
        assert tg.decode(pressed[0]) == ["https://example.com/menu"]
        elsewhere = tg.post(group, bea, text="/forgetme confirm=yes")
        assert await made(lambda: tg.forwards(ada, home, elsewhere)) == ["/forgetme confirm=yes"]
        [album] = await answer(
            tg, home, lambda: tg.sends_album(ada, home, [qr(f"no. {n}") for n in range(3)])
        )
        assert all(f"no. {number}" in album.text for number in range(3))
        assert "dead letter" not in bot.log.read_text()
    assert tg.refused == []


async def test_a_command_is_about_the_message_that_it_answers(tg: FakeTelegram, tmp_path: Path) -> None:
    """Somebody else's, in a group: its text, its picture, its contact, its place."""
    ada, bea = tg.person(), tg.person(first_name="Bea")
    home, group = tg.private(ada, started=True), tg.group(members=[ada, bea], supergroup=True)

    def under(command: str) -> Callable[[], int]:
        return lambda: tg.says(ada, group, command, reply_to=tg.messages(group)[-1])

    async with running(tmp_path, **settings(tg)):
        for command in ("/qr", f"/qr@{tg.bot['username']}", "/text", f"@{tg.bot['username']}"):
            tg.says(bea, group, "lunch at <one>, look=red")
            [message] = await answer(tg, group, under(command))
            assert tg.decode(message) == ["lunch at <one>, look=red"]
        tg.sends(bea, group, location={"latitude": 1.5, "longitude": 2.5})
        assert tg.decode((await answer(tg, group, under("/qr")))[0]) == ["geo:1.5,2.5"]
        for command in ("/qr", "/read"):
            tg.sends_photo(bea, group, qr("in the picture"))
            assert "in the picture" in told(await answer(tg, home, under(command)))
        tg.sends_photo(bea, group, qr("in the picture"))
        assert "Score" in told(await answer(tg, home, under("/prove"), 2))
        tg.says(bea, group, "WLAN: Guest, Passwort: long enough")
        [network] = await answer(tg, home, under("/wifi"))
        assert tg.decode(network) == ["WIFI:T:WPA;S:Guest;P:long enough;;"]
    assert tg.refused == []


async def test_bad_input_is_answered_with_a_sentence_each(tg: FakeTelegram, tmp_path: Path) -> None:
    """And what comes after it is answered as if nothing had been."""
    ada = tg.person()
    home = tg.private(ada, started=True)
    poll = {
        "id": "1", "question": "Which?", "options": [], "total_voter_count": 0, "is_closed": False,
        "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
        "allows_revoting": True, "members_only": False,
    }  # fmt: skip
    sound = {"file_id": "A", "file_unique_id": "u", "duration": 3}
    bad: dict[Callable[[], int], str] = {
        lambda: tg.sends_document(ada, home, "big.png", bytes(20_000_001), "image/png"): "limit is 20 MB",
        lambda: tg.sends_document(ada, home, "vast.png", vast(), "image/png"): "",
        lambda: tg.sends_document(ada, home, "no.pdf", b"%PDF-1.7 nonsense", "application/pdf"): "",
        lambda: tg.sends_document(ada, home, "no.pdf", b"hello", "application/pdf"): "",
        lambda: tg.sends_document(ada, home, "no.vcf", b"BEGIN:VCARD\r\nFN", "text/vcard"): "",
        lambda: tg.sends_document(ada, home, "song.mp3", b"la", "audio/mpeg"): NOTHING,
        lambda: tg.sends_sticker(ada, home, b"\x1f\x8b", "is_animated"): NOTHING,
        lambda: tg.sends_sticker(ada, home, b"\x1a\x45", "is_video"): NOTHING,
        lambda: tg.sends(ada, home, poll=poll): NOTHING,
        lambda: tg.sends(ada, home, dice={"emoji": "🎲", "value": 3}): NOTHING,
        lambda: tg.sends(ada, home, voice=sound): NOTHING,
        lambda: tg.sends(ada, home, video=sound | {"width": 9, "height": 9}): NOTHING,
        lambda: tg.sends(ada, home, video_note=sound | {"length": 9}): NOTHING,
        lambda: tg.says(ada, home, "😀" * 4096): "too long",
        lambda: tg.says(ada, home, "/start s_cut-off"): "not complete",
    }
    async with running(tmp_path, **settings(tg)) as bot:
        for act, words in bad.items():
            [message] = await answer(tg, home, act)
            assert words in message.text + message.caption
            assert (message.text + message.caption).rstrip().endswith((".", "?")) or words == "not complete"
            assert message.media is None or words == "not complete"
        [code] = await answer(tg, home, lambda: tg.says(ada, home, "as ever"))
        assert tg.decode(code) == ["as ever"]
        assert "dead letter" not in bot.log.read_text()
        assert "😀" not in bot.log.read_text()
    assert [str(call.result) for call in tg.refused] == []


async def test_names_that_are_markup_or_turn_around_are_only_names(tg: FakeTelegram, tmp_path: Path) -> None:
    """Of people, groups, contacts and files."""
    name = "<b>\u202eada</b> & <a href='x'>\u200f😀"
    odd = tg.person(first_name=name, last_name="</i>")
    home, group = tg.private(odd, started=True), tg.group(name, [odd])
    async with running(tmp_path, **settings(tg)):
        contact = {"phone_number": "+442079460958", "first_name": name, "last_name": "</code>"}
        [shared] = await answer(tg, home, lambda: tg.sends(odd, home, contact=contact))
        assert "<b>" in shared.caption
        assert [each["type"] for each in shared.entities] == ["bold"]
        [code] = await answer(tg, group, lambda: tg.says(odd, group, f"/qr {name}"))
        assert "<b>" in code.caption
        named = lambda: tg.sends_document(odd, home, f"{name}.png", qr(name), "image/png")  # noqa: E731
        assert "<b>" in told(await answer(tg, home, named))
        assert name[:3] in told(await answer(tg, home, lambda: tg.says(odd, home, "/history")))
    assert tg.refused == []


async def test_a_press_on_what_is_somebody_elses_or_gone_is_told(tg: FakeTelegram, tmp_path: Path) -> None:
    """Of another person's code, of another's question, of one that was deleted, of no command at all."""
    ada, bea = tg.person(), tg.person(first_name="Bea")
    group = tg.group(members=[ada, bea])
    tg.private(ada, started=True), tg.private(bea, started=True)
    async with running(tmp_path, **settings(tg)) as bot:
        [question] = await answer(tg, group, lambda: tg.says(ada, group, "/pay"))
        [refused] = await answer(tg, group, lambda: tg.presses(bea, question, "SEPA payment"))
        assert "somebody else's" in refused.text
        [code] = await answer(tg, group, lambda: tg.says(ada, group, "/qr hello"))

        def pressed(data: str, who: Person = bea) -> Callable[[], int]:
            message = code.as_json(tg.bot)
            query = {
                "id": "77",
                "from": who.as_json(),
                "chat_instance": "1",
                "message": message,
                "data": data,
            }
            return lambda: tg.raw({"callback_query": query})

        [id] = {line.split()[1] for row in code.buttons for _, line in row if line.startswith("show ")} or {
            next(line.split()[1] for row in code.buttons for _, line in row)
        }
        [refused] = await answer(tg, group, pressed(f"delete {id} confirm=yes"))
        assert "made this code" in refused.text
        await answer(tg, group, pressed(f"delete {id} confirm=yes", ada), 0)
        await tg.until(lambda: tg.updates.fresh() == [], 60)
        [gone] = await answer(tg, group, pressed(f"show {id} format=svg", ada))
        assert "no such code" in gone.text
        for data in ("nosuch 1", "\u202e", "answer x y", "step 0000000000 sideways", "a" * 64):
            assert told(await answer(tg, group, pressed(data, ada)))
        assert "dead letter" not in bot.log.read_text()


async def test_a_form_in_a_group_goes_on_after_a_kill(tg: FakeTelegram, tmp_path: Path) -> None:
    """Each question opens its answer for the one who is asked, the secret one privately; nothing is lost."""
    ada = tg.person()
    home, group = tg.private(ada, started=True), tg.group(members=[ada], supergroup=True)
    bot = await start(tmp_path, **settings(tg))
    await ready(bot)
    [name] = await answer(tg, group, lambda: tg.says(ada, group, f"/wifi@{tg.bot['username']}"))
    forced = next(call for call in reversed(tg.calls) if call.method == "sendMessage").fields["reply_markup"]
    assert (forced["force_reply"], forced["selective"]) == (True, True)
    assert forced["input_field_placeholder"] == "Network name"
    assert name.reply_to is tg.messages(group)[0]
    await bot.kill()
    bot = await start(tmp_path, **settings(tg))
    await ready(bot)
    [key] = await answer(tg, home, lambda: tg.says(ada, group, "Home", reply_to=name))
    await bot.kill()
    async with running(tmp_path, **settings(tg)):
        tg.says(ada, home, KEY)
        await tg.until(lambda: "Make it now" in str(tg.replies(home)[-1].buttons), 60)
        offer = tg.replies(home)[-1]  # what was in flight at the kill may have come twice
        assert KEY not in told([offer])
        tg.presses(ada, offer, "Make it now")
        await tg.until(lambda: tg.replies(home)[-1].media, 60)
        assert tg.decode(tg.replies(home)[-1]) == [f"WIFI:T:WPA;S:Home;P:{KEY};;"]
    assert "Network key?" in key.text
    assert [call for call in tg.refused if call.method != "getUpdates"] == []  # the poll of one that is dead


async def test_an_album_is_answered_after_a_kill(tg: FakeTelegram, tmp_path: Path) -> None:
    """Its job waits as a row, with all the files that were acknowledged."""
    ada = tg.person()
    home = tg.private(ada, started=True)
    bot = await start(tmp_path, **settings(tg))
    await ready(bot)
    last = tg.sends_album(ada, home, [qr(f"no. {number}") for number in range(4)])
    await tg.until(lambda: tg.updates.confirmed(last), 60)
    await bot.kill()
    async with running(tmp_path, **settings(tg)):
        await tg.until(lambda: tg.replies(home), 60)
        assert all(f"no. {number}" in tg.replies(home)[0].text for number in range(4))
