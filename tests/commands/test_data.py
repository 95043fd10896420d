"""Everything that is kept about somebody can be taken along, and deleted."""

import json
from base64 import b64decode
from dataclasses import asdict, replace
from typing import Any

from bot.app import App
from bot.message import Actor, Asking, Reply, Upload
from bot.parked import run
from tests.commands.test_looks import picture
from tests.core.sending import Platform
from tests.core.talking import (
    ADA,
    BEA,
    GROUP,
    Core,
    asked,
    codes_of,
    labels,
    passed,
    person_of,
    pressed,
    request,
    rows,
    said,
    waiting,
)

ON_SLACK = Actor("slack", "T1:U1", "ada")
PHOTO = Upload("photo-1", "photo.jpg", "image/jpeg")


def exported(reply: Reply) -> dict[str, Any]:
    """Read the file of an export."""
    [file] = reply.files
    assert (file.name, file.media_type) == ("qr-gen-export.json", "application/json")
    everything: dict[str, Any] = json.loads(file.text)
    return everything


async def test_an_export_holds_everything(both: Core) -> None:
    """Every code with all its fields, every account, every setting, every connection."""
    for number in range(23):
        await said(both, f"Größe {number}")
    await said(both, '/wifi Home "long enough"')
    await said(both, "/settings timezone=Europe/Berlin format=svg replies=private")
    await said(both, "/logo", uploads=(picture(),))
    await said(both, "/logo remove")
    passed(both, minutes=1)
    line = next(row for row in (await said(both, "/connect")).buttons)[0].copy
    await said(both, line, ON_SLACK)
    reply = await said(both, "/export", where=GROUP)
    assert (reply.body, reply.private) == ("Here is everything: 24 codes.", True)
    everything, person = exported(reply), await person_of(both)
    wanted = json.loads(json.dumps([asdict(code) for code in await codes_of(both)], default=str))
    assert everything["codes"] == wanted
    assert everything["person"]["preferences"] == asdict(person.preferences)
    assert [account["external_id"] for account in everything["person"]["identities"]] == ["T1:U1", "101"]
    assert [join["accounts"][0]["name"] for join in everything["connected"]] == ["ada"]
    assert [b64decode(each["data"])[:4] for each in everything["pictures"]] == [b"\x89PNG"]
    assert "Größe" in reply.files[0].text
    assert "long enough" in reply.files[0].text


async def test_an_export_of_nothing_is_empty(core: Core) -> None:
    """And nothing is kept for having asked."""
    reply = await said(core, "/export")
    assert reply.body == "Here is everything: 0 codes."
    assert exported(reply)["codes"] == []
    assert await rows(core.store) == {}


async def test_an_export_that_is_delivered_is_a_card_and_a_file(core: Core) -> None:
    """Two messages, both for the person alone."""
    await asked(core, "hello")
    card, file = await asked(core, "/export", where=GROUP)
    assert (card.body, card.files, card.private) == ("Here is everything: 1 code.", (), True)
    assert (len(file.files), file.title, file.private) == (1, "", True)


async def test_forgetting_asks_first_and_offers_an_export(core: Core) -> None:
    """Nothing is gone before the second press."""
    await said(core, "hello")
    question = await said(core, "/forgetme", where=GROUP)
    assert (question.private, labels(question)) == (True, ["Delete everything", "Export first"])
    assert exported(await pressed(core, question, "Export first"))["codes"]
    gone = await pressed(core, question, "Delete everything", where=GROUP)
    assert (gone.body, gone.replace, gone.private) == ("Everything about you is deleted.", True, True)
    assert (await said(core, "/forgetme")).body == "There is nothing kept about you."


async def test_forgetting_leaves_nothing(both: Core) -> None:
    """Codes, settings, forms, pairing codes, jobs, what was parked, what is still to be sent."""
    await asked(both, "hello")
    await asked(both, "/settings timezone=Europe/Berlin")
    await asked(both, "", uploads=(PHOTO,))
    await asked(both, "/connect")
    broken = replace(
        both.app, commands={**both.app.commands, "text": replace(both.app.commands["text"], run=_raises)}
    )
    await broken.handle(request(both, "to be parked", answered=False, asking=Asking.QUESTION))
    await asked(both, "/wifi")
    assert set(await rows(both.store)) == {
        "people", "identities", "codes", "pairings", "drafts", "deliveries", "requests", "seen",
    }  # fmt: skip
    person = await person_of(both)
    await asked(both, "/forgetme confirm=yes")
    left = await rows(both.store)
    assert left == {"deliveries": 1, "seen": left["seen"]}
    [told] = await waiting(both.store)
    assert told.person_id == ""
    assert person.id not in str(both.woken[-1].deliveries)


def _broken(core: Core, name: str) -> App:
    """Give an app in which a command raises."""
    found = core.app.commands[name]
    return replace(core.app, commands={**core.app.commands, name: replace(found, run=_raises)})


async def _raises(context: object, **values: object) -> Any:
    raise RuntimeError("out of order")


async def test_who_is_new_leaves_nothing_by_asking_to_be_forgotten(core: Core) -> None:
    """The answer is sent to an address, to nobody who is kept."""
    [reply] = await asked(core, "/forgetme")
    assert reply.body == "There is nothing kept about you."
    assert set(await rows(core.store)) == {"deliveries", "seen"}


async def test_a_request_to_be_forgotten_that_was_parked_is_done_later(both: Core) -> None:
    """Its own row goes with the rest, which is no reason to try it again."""
    await asked(both, "hello")
    await _broken(both, "forgetme").handle(
        request(both, "/forgetme confirm=yes", answered=False, asking=Asking.QUESTION)
    )
    passed(both, seconds=2)
    async with both.store.reading() as work:
        [parked] = await work.requests.due(both.app.clock())
    face = replace(Platform().face, prepare=_as_it_is)
    await run(both.app, {"telegram": face}, parked)
    left = await rows(both.store)
    assert (left["deliveries"], "people" in left, "requests" in left) == (1, False, False)


async def _as_it_is(asked: Any) -> Any:
    return asked


async def test_forgetting_leaves_the_codes_of_others_and_the_kit_of_a_group(both: Core) -> None:
    """The kit stays without a name."""
    await said(both, "mine")
    await said(both, "theirs", BEA)
    await said(both, "/kit navy on white", where=GROUP, admin=True)
    await said(both, "/forgetme confirm=yes")
    assert [code.text for code in await codes_of(both, BEA)] == ["theirs"]
    async with both.store.reading() as work:
        kit = await work.people.kit(GROUP.key)
        assert await work.people.by_account(ADA.platform, ADA.id) is None
    assert kit is not None
    assert kit.set_by == ""
