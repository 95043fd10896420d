"""Boards as views, and what is done on them as requests: pure, and within every limit at the longest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from adapters.slack.home import BLOCKS, view
from adapters.slack.parse import parse
from adapters.slack.serve import face, open_slack
from bot.board import Choice, Heading, Listed, Part, Place, Press, Presses, Rule, Typed, Words
from bot.commands.home import LOOK, PAGE, SEARCH
from bot.face import Overtaken, Undeliverable
from bot.i18n import LANGUAGES
from bot.message import Actor, Asking, Reply, Request, Space, SpaceKind
from tests.adapters.slack_bodies import NOW, home_acted, home_opened
from tests.adapters.slack_living import actor, does, living, makes, opened
from tests.core.talking import Core, said
from tests.fakes import FakeSlack
from tests.fakes.drawn import qr
from tests.fakes.ledger import JSON
from tests.fakes.slack import Person
from tests.fakes.slack.home import check_home, home, picks, presses, types

CODE = "7K3FABCDEF"
LONG = "<&>" * 2000
TEXTS = st.text(max_size=400)


def address(code: str, version: int) -> str:
    """Give an address as long as ours."""
    return f"https://{'q' * 200}.example/i/{code}-{version:x}-{'f' * 40}.png"


def checked(laid: JSON) -> list[Any]:
    """Hold a view against Slack's limits as the fake has them, and against the SDK's own validation."""
    check_home(laid)
    View(**laid).to_dict()
    return list(laid["blocks"])


# --- laying out ---------------------------------------------------------------------------------------------


def board(text: str, codes: int = 1) -> tuple[Part, ...]:
    """Make a board of every part, with a text wherever one stands."""
    pressed = (Press(text, "/qr", main=True), Press(text, f"delete {CODE} confirm=yes", sure=text))
    listed = [Listed(f"{number:010}", text, text, pressed, 7, True) for number in range(codes)]
    return (
        Heading(text),
        Presses(pressed),
        Typed(text, "/home --", SEARCH, text, text),
        Words(text),
        *listed,
        Words(text, quiet=True),
        Rule(),
        Choice(text, (("/language en", text), ("/language de", text)), "/language de"),
        Choice(text, (("/settings replies=private", text),), "", text),
        Place(text, "/home kit=yes", "slack:T1:C2"),
        Typed(text, "/kit", LOOK, where="slack:T1:C2"),
        Presses(pressed, "slack:T1:C2"),
    )


@pytest.mark.parametrize("text", [LONG, "x" * 5000, "", " ", "\x00🎉", "<!channel> <@U1> *b* :tada:"])
def test_a_board_of_every_part_is_within_every_limit(text: str) -> None:
    """Whatever stands there; what is longer is cut, and nothing is markup."""
    blocks = checked(view(Reply(board=board(text)), address))
    assert not [each for each in _shown(blocks) if each["type"] != "plain_text" or "<" in each["text"]]


def _shown(held: Any) -> list[JSON]:
    """Find every text object."""
    inside = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
    found = [each for inner in inside for each in _shown(inner)]
    return [held, *found] if isinstance(held, dict) and isinstance(held.get("text"), str) else found


@given(TEXTS)
def test_any_text_can_stand_on_a_board(text: str) -> None:
    """Odd ones too."""
    checked(view(Reply(board=board(text)), address))


def test_more_than_slack_takes_is_left_out() -> None:
    """A hundred blocks, of whatever length."""
    assert len(checked(view(Reply(board=board(LONG, 100)), address))) == BLOCKS


def test_what_slack_cannot_carry_is_not_cut() -> None:
    """A line that is cut is another line."""
    for part in (Presses((Press("Go", "x" * 2001),)), Choice("One", (("x" * 151, "a"),))):
        with pytest.raises(ValueError, match="Slack cannot carry"):
            view(Reply(board=(part,)))


def test_what_was_chosen_or_typed_gets_a_block_of_its_own() -> None:
    """In a block of the same id Slack would go on showing what stood there before."""
    before, after = (
        {
            block["block_id"]
            for block in checked(
                view(
                    Reply(
                        board=(
                            Typed("Search", "/home --", SEARCH, typed),
                            Choice(
                                "Language", (("/language en", "English"), ("/language de", "Deutsch")), to
                            ),
                            Place("Channel", "/home kit=yes", place),
                        )
                    )
                )
            )
        }
        for typed, to, place in (("", "/language en", ""), ("a", "/language de", "slack:T1:C2"))
    )
    assert before & after == set()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_home_is_within_every_limit_at_its_longest(
    core: Core, slack: FakeSlack, language: str
) -> None:
    """Ten codes of the longest titles, a search, pages, a kit in the longest words; in every language."""
    boss = slack.person("boss", admin=True)
    team = slack.channel("team", boss)
    async with living(core.store, slack) as one:
        await makes(one, boss, *(f"{number} & {'<&>' * 500}" for number in range(PAGE * 2 + 1)))
        await said(one.core, f"/language {language}", actor(slack, boss))
        await said(one.core, "/style dots navy on white, eyes rounded, frame “Scan me”", actor(slack, boss))
        await opened(one, boss)
        labels = {block["label"]["text"] for block in home(slack, boss) if block["type"] == "input"}
        await does(one, types(slack, boss, labels.pop(), "<&> "))
        await does(one, picks(slack, boss, _label(home(slack, boss), "conversations_select"), team))
        await does(one, presses(slack, boss, _labels(home(slack, boss))[-3]))
        older = next(b for b in home(slack, boss) if "page=2" in str(b))["elements"][-1]["text"]["text"]
        await does(one, presses(slack, boss, older))
        blocks = checked(slack.homes[boss.id].payload)
    assert len([block for block in blocks if str(block.get("block_id", "")).startswith("code-")]) == PAGE
    assert len(blocks) <= 60


def _label(blocks: list[Any], kind: str) -> str:
    """Give the label beside an element of a kind."""
    return next(str(b["text"]["text"]) for b in blocks if b.get("accessory", {}).get("type") == kind)


def _labels(blocks: list[Any]) -> list[str]:
    return [
        each["text"]["text"] for block in blocks if block["type"] == "actions" for each in block["elements"]
    ]


# --- what is done there -------------------------------------------------------------------------------------


def test_an_opening_says_what_slack_shows() -> None:
    """By its hash; the first time it shows nothing. The other tabs are nothing for us."""
    request = Request(
        "slack:Ev7", Actor("slack", "T1:U1"), Space("slack", "T1:U1"), command="home",
        asking=Asking.FORM, address={"team": "T1", "channel": "", "user": "U1", "alone": 1}, board=True,
    )  # fmt: skip
    assert parse(home_opened(), NOW) == request
    seen = parse(home_opened(view={"hash": "17.abc"}), NOW)
    assert seen is not None
    assert seen.values == {"seen": "17.abc"}
    assert parse(home_opened(tab="messages"), NOW) is None


@pytest.mark.parametrize(
    ("action", "line"),
    [
        ({"type": "button", "value": f"show {CODE}"}, f"show {CODE}"),
        ({"type": "static_select", "selected_option": {"value": "/language de"}}, "/language de"),
        ({"type": "plain_text_input", "action_id": "/home --", "value": " a  b "}, "/home --  a  b"),
        ({"type": "plain_text_input", "action_id": "/home --", "value": None}, "/home --"),
    ],
)
def test_what_is_done_on_the_home_is_a_line(action: dict[str, Any], line: str) -> None:
    """Said by the person where nobody else is; what it is answered with goes to their direct messages."""
    request = parse(home_acted(**action), NOW)
    assert request is not None
    assert (request.text, request.pressed, request.board) == (line, True, True)
    assert request.space == Space("slack", "T1:U1")
    assert request.address == {"team": "T1", "channel": "", "user": "U1", "alone": 1}


def test_what_is_about_a_channel_is_said_in_it() -> None:
    """Of the workspace that Slack has signed for, whatever stands in the block."""
    chosen = home_acted(type="conversations_select", action_id="/home kit=yes", selected_conversation="C7")
    typed = home_acted(type="plain_text_input", action_id="/kit", block_id="/kit|C7|0", value="navy")
    for body, line in ((chosen, "/home kit=yes"), (typed, "/kit navy")):
        request = parse(body, NOW)
        assert request is not None
        assert (request.text, request.space) == (line, Space("slack", "T1:C7", SpaceKind.CHANNEL))
        assert request.address["channel"] == ""
    assert parse(home_acted(type="button", value=None), NOW) is None
    assert parse(home_acted(type="image"), NOW) is None


# --- publishing ---------------------------------------------------------------------------------------------


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


async def test_one_picture_that_slack_cannot_fetch_costs_that_picture(slack: FakeSlack, ada: Person) -> None:
    """It names the block; the others are shown."""
    slack.public["https://qr.example"] = f"{slack.url}/avatars"
    ada.photo = qr("any")

    def somewhere(code: str, version: int) -> str:
        return f"https://qr.example/{f'{ada.id}_48.jpg' if code == CODE else 'gone'}"

    listed = tuple(Listed(code, code, "Text", (Press("Go", "go"),), 1, True) for code in (CODE, "ANOTHER"))
    async with open_slack(slack.bot_token, slack.api_url, somewhere) as connection:
        where, show = {"team": slack.team, "channel": "", "user": ada.id}, face(connection).show
        assert show is not None
        mark = await show(where, Reply(board=listed), "")
        assert mark == slack.homes[ada.id].hash
        pictured = [b["text"]["text"] for b in home(slack, ada) if "accessory" in b]
        assert pictured == [f"{CODE}\nText"]
        with pytest.raises(Overtaken):
            await show(where, Reply(board=listed), "1.another")
        with pytest.raises(Undeliverable, match="user_not_found"):
            await show(where | {"user": "U404"}, Reply(board=listed), "")
