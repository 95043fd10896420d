"""What the Telegram user can do, the Slack user can, and the guest of the web chat, and the operator."""

from contextlib import AsyncExitStack

import pytest

from tests.journeys.house import FACES, House
from tests.journeys.seen import Journey, walk
from tests.journeys.table import CHANGED, JOURNEYS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
async def test_every_face(house: House, journey: Journey, face: str) -> None:
    """Each journey holds on each face."""
    async with AsyncExitStack() as stack:
        await walk(await FACES[face](house, stack), journey)


@pytest.mark.parametrize("face", [each for each in FACES if each != "console"])
async def test_a_code_is_changed(house: House, face: str) -> None:
    """By the button under More."""
    async with AsyncExitStack() as stack:
        await walk(await FACES[face](house, stack), CHANGED)
