"""Every kind of content is made and read back on every face, and over HTTP."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bot.qr.payloads import KINDS
from tests.contents import EXAMPLES, Example
from tests.fakes.outside import decode
from tests.full import FULL
from tests.journeys.house import FACES, House
from tests.journeys.seen import Journey, Say, Show, Step, walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

VISITORS = {
    "telegram": 3,
    "slack": 5,
    "web": 3,
    "console": 1,
}  # side by side: Slack shows one message a second


async def test_every_kind_has_its_example() -> None:
    """And no other has one."""
    assert {example.kind for example in EXAMPLES} == set(KINDS)


def _steps(face: str, part: int) -> Iterator[Step]:
    """Take a part of all kinds, but of every third on Slack and in the console, which are slow."""
    examples = EXAMPLES if FULL or face not in ("slack", "console") else EXAMPLES[::3]
    for example in examples[part :: VISITORS[face]]:
        yield Step(Say(example.say), codes=(example.text,))
        yield Step(Show(example.text), example.shows, codes=None)


@pytest.mark.parametrize("face", FACES)
async def test_every_kind_is_made_and_read_on_every_face(house: House, face: str) -> None:
    """Said in chat, decoded from the picture that came; sent as a picture, told in words."""
    async with AsyncExitStack() as stack:
        visitors = [await FACES[face](house, stack) for _ in range(VISITORS[face])]
        await asyncio.gather(
            *(
                walk(each, Journey("all kinds", tuple(_steps(face, part))))
                for part, each in enumerate(visitors)
            )
        )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.kind)
async def test_every_kind_is_made_and_read_over_http(house: House, example: Example) -> None:
    """A typed body gives the picture, the picture the type and the values, which give the same again."""
    async with aiohttp.ClientSession() as http:

        async def drawn(content: dict[str, object]) -> bytes:
            async with http.post(f"{house.bot.url}/v1/render", json={"content": content}) as answer:
                assert answer.status == 200, await answer.text()
                assert answer.content_type == "image/png"
                return await answer.read()

        picture = await drawn({"type": example.kind, **example.body})
        assert decode(picture) == [example.text]
        form = aiohttp.FormData()
        form.add_field("file", picture, filename="code.png", content_type="image/png")
        async with http.post(f"{house.bot.url}/v1/read", data=form) as answer:
            assert answer.status == 200, await answer.text()
            [code] = (await answer.json())["codes"]
        assert code["text"] == example.text
        if example.kind == "raw":
            assert code["type"] == "text"
            return
        assert code["type"] == example.kind
        again = await drawn({"type": code["type"], **code["values"]})
        assert decode(again) == [example.text]
