"""Files that were sent together and come one by one: one answer for all, and none is lost."""

from dataclasses import dataclass, field, replace

import pytest

from bot.albums import TOGETHER, album_id
from bot.face import Address, Draw, Face, Sent, Turn, at_once
from bot.message import Actor, Reply, Request, Upload
from bot.parked import run
from bot.qr.refusal import Refused
from bot.wire import load_reply
from storage.changes import ExtendRequest, Stale, Unit
from storage.records import State
from tests.core.talking import ADA, BEA, Core, asked, passed, payload, request, waiting
from tests.fakes.drawn import qr

CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada\r\nTEL:+442079460958\r\nEND:VCARD\r\n"
ALBUM = "13000000000000001"


@dataclass
class Files:
    """A platform that has files by their references; one it has not is refused."""

    held: dict[str, bytes] = field(default_factory=dict)

    async def prepare(self, asked: Request) -> Request:
        """Fetch them."""
        return replace(asked, uploads=tuple(map(self._fetched, asked.uploads)))

    def _fetched(self, upload: Upload) -> Upload:
        if upload.ref not in self.held:
            raise Refused("This file is too large: the limit is {megabytes} MB.", megabytes=20)
        return replace(upload, data=self.held[upload.ref])

    @property
    def faces(self) -> dict[str, Face]:
        """Show it."""

        async def send(
            address: Address,
            reply: Reply,
            draw: Draw,
            *,
            known: str = "",
            instead: str = "",
            turn: Turn = at_once,
        ) -> Sent:
            raise AssertionError("nothing is sent here")

        return {"telegram": Face("telegram", send, self.prepare, lambda *_: (), lambda account: {})}


FILES = Files(
    {name: qr(f"in {name}") for name in ("one", "two", "three")} | {"card": CARD, "none": b"nothing"}
)


async def sent(core: Core, name: str, text: str = "", album: str = ALBUM, who: Actor = ADA) -> None:
    """Send one file of an album."""
    assert await asked(core, text, uploads=(Upload(name, f"{name}.png"),), album=album, who=who) == []


async def ran(core: Core) -> list[Reply]:
    """Run all that is due, until nothing is, and give what is to be sent."""
    for _ in range(3):
        async with core.store.reading() as work:
            due = await work.requests.due(core.hands[-1])
        for id in due:
            await run(core.app, FILES.faces, id)
    return [load_reply(each.body) for each in await waiting(core.store)]


def told(reply: Reply) -> list[str]:
    """Give the codes that a reply lists."""
    return [each.value for each in reply.fields if each.value.startswith("in ")]


async def test_an_album_is_answered_at_once(both: Core) -> None:
    """Three photos, one answer with all codes in their order, when no more came for a moment."""
    for name in ("one", "two", "three"):
        await sent(both, name)
        passed(both, seconds=1)
    assert await ran(both) == []
    passed(both, seconds=1)
    [reply] = await ran(both)
    assert (reply.title, told(reply)) == ("3 codes", ["in one", "in two", "in three"])


async def test_the_words_of_an_album_are_for_all_of_it(core: Core) -> None:
    """Telegram puts them under the first, wherever that comes."""
    await sent(core, "one")
    await sent(core, "two", "/prove")
    passed(core, seconds=TOGETHER.total_seconds())
    [reply, strip] = await ran(core)
    assert (reply.title, len(strip.files)) == ("Scan check", 1)


async def test_one_that_comes_late_is_answered_by_itself(core: Core) -> None:
    """Its album's job is done, or has begun."""
    await sent(core, "one")
    passed(core, seconds=TOGETHER.total_seconds())
    await sent(core, "two")
    first, second = await ran(core)
    assert (told(first), told(second)) in ((["in one"], ["in two"]), (["in two"], ["in one"]))
    await sent(core, "three")
    assert len(await ran(core)) == 3


async def test_each_person_and_each_album_has_its_own_answer(core: Core) -> None:
    """However close to each other they come."""
    await sent(core, "one")
    await sent(core, "two", album="2")
    await sent(core, "three", who=BEA)
    passed(core, seconds=TOGETHER.total_seconds())
    assert sorted(map(told, await ran(core))) == [["in one"], ["in three"], ["in two"]]


async def test_an_update_that_comes_again_puts_no_file_in_twice(core: Core) -> None:
    """Telegram repeats what it heard no answer to."""
    again = request(core, uploads=(Upload("one"),), album=ALBUM, answered=False)
    for _ in range(3):
        await core.app.handle(again)
    passed(core, seconds=TOGETHER.total_seconds())
    [reply] = await ran(core)
    assert told(reply) == ["in one"]


async def test_a_bad_file_takes_nothing_from_the_others(core: Core) -> None:
    """One that cannot be read is told beside what the others say."""
    for name in ("one", "none", "two"):
        await sent(core, name)
    passed(core, seconds=TOGETHER.total_seconds())
    [reply] = await ran(core)
    assert told(reply) == ["in one", "in two"]
    assert "cannot" in reply.body or "not a picture" in reply.body


async def test_one_that_cannot_be_fetched_takes_nothing_from_the_others(core: Core) -> None:
    """Each is then answered by itself."""
    for name in ("one", "huge", "two"):
        await sent(core, name)
    passed(core, seconds=TOGETHER.total_seconds())
    replies = await ran(core)
    assert sorted(each for reply in replies for each in told(reply)) == ["in one", "in two"]
    assert [reply.body for reply in replies if "20 MB" in reply.body] == [
        "This file is too large: the limit is 20 MB."
    ]


async def test_contacts_among_pictures_become_codes(core: Core) -> None:
    """One each, beside the answer for the pictures."""
    for name in ("one", "card", "two"):
        await sent(core, name)
    passed(core, seconds=TOGETHER.total_seconds())
    replies = await ran(core)
    assert [told(reply) for reply in replies if reply.picture is None] == [["in one", "in two"]]
    assert ["Lovelace" in payload(reply) for reply in replies if reply.picture is not None] == [True]


async def test_what_ran_meanwhile_is_not_added_to(both: Core) -> None:
    """The change says what it found; the file then gets a job of its own."""
    await sent(both, "one")
    async with both.store.reading() as work:
        held = await work.requests.get(album_id(request(both, album=ALBUM)))
    assert held is not None
    late = ExtendRequest(held.id, held.due_at - TOGETHER, held.body, held.due_at)
    with pytest.raises(Stale):
        await both.store.commit(Unit("", None, (late,)))
    passed(both, seconds=TOGETHER.total_seconds())
    await ran(both)
    with pytest.raises(Stale):
        await both.store.commit(Unit("", None, (replace(late, due_before=held.due_at),)))
    async with both.store.reading() as work:
        done = await work.requests.get(held.id)
    assert done is not None
    assert (done.state, done.body) == (State.DONE, "")
