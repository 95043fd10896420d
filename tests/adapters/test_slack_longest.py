"""Each reply at its longest, as messages and modals: within Slack's limits, no text of people's is live.

The fake refuses what Slack would, and what slack_sdk's own validators refuse (``tests/fakes/slack/valid``).
"""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.modal import again
from adapters.slack.objects import JSON
from adapters.slack.render import BLOCKS, messages
from adapters.slack.views import errors, opener, view
from bot.command import Ask, form
from bot.commands import COMMANDS
from bot.face import Address
from bot.i18n import LANGUAGES, Translator
from bot.message import (
    Actor,
    Asking,
    Button,
    Entry,
    Field,
    Form,
    Question,
    Reply,
    Request,
    Space,
    SpaceKind,
    Tone,
)
from tests.core.talking import Core
from tests.fakes.slack.blocks import IN_MESSAGES, check, check_view
from tests.fakes.slack.methods import BLOCKS as ALL_BLOCKS
from tests.fakes.slack.methods import TEXT

HERE: Address = {
    "team": "T" * 20, "channel": "C" * 20, "user": "U" * 20, "thread": "1700000000.123456", "aside": 1,
    "response_url": "https://hooks.slack.com/commands/" + "x" * 200, "until": 1_900_000_000,
}  # fmt: skip
LONG = "<!channel> <https://evil.example|bank> &amp; 𝕏\u202e" * 900  # over 40,000 characters
EXAMPLES = {name: command.example or name for name, command in COMMANDS.items()}
SHOWN: tuple[dict[str, str], ...] = (
    {},
    {"image_url": "https://qr.example/i/" + "x" * 300 + ".png"},
    {"file": "F0123456789"},
)
LIVE = re.compile(r"<[!@#a-zA-Z]")  # what Slack would take for a mention, a link or a command


def sent(reply: Reply, t: Translator, shown: tuple[dict[str, str], ...] = SHOWN) -> list[JSON]:
    """Lay a reply out in each way in which it is sent, and refuse what Slack would."""
    laid_out = []
    for picture in shown:
        for content in messages(reply, mark="f" * 16 + "/F0123456789", t=t, **picture):
            blocks = content["blocks"]
            check(blocks, BLOCKS, IN_MESSAGES)
            assert len(json.dumps(blocks, ensure_ascii=False)) <= ALL_BLOCKS
            assert 0 < len(content["text"]) <= TEXT
            assert (content["unfurl_links"], content["unfurl_media"]) == (False, False)
            laid_out.append(content)
    return laid_out


def live(payload: Any) -> list[str]:
    """Find texts in which Slack would see more than text: markup of ours, or something of theirs unescaped.

    Rich text is shown as it is. A button's value and a field's content are no texts that are shown as markup.
    """
    found = []
    if isinstance(payload, list):
        return [each for part in payload for each in live(part)]
    if not isinstance(payload, dict):
        return []
    if payload.get("type") == "mrkdwn":
        found.append(f"markup: {payload['text']}")
    if payload.get("type") == "plain_text" and LIVE.search(str(payload["text"])):
        found.append(str(payload["text"]))
    if "blocks" in payload and LIVE.search(str(payload.get("text") or "")):
        found.append(str(payload["text"]))
    return found + [each for part in payload.values() for each in live(part)]


# --- what commands say --------------------------------------------------------------------------------------


async def handled(core: Core, text: str, language: str = "en") -> Reply:
    """Say something as an admin in a channel, and get the answer."""
    boss = Actor("slack", "T1:U1", "Ada", language)
    asked = Request(
        f"r{next(core.ids)}", boss, Space("slack", "T1:C1", SpaceKind.CHANNEL), text,
        answered=True, asking=Asking.FORM, admin=True, address=dict(HERE),
    )  # fmt: skip
    reply = await core.app.handle(asked)
    assert reply is not None
    return reply


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_commands_reply_is_one_that_slack_takes(core: Core, language: str) -> None:
    """On an example, on the longest text, on nothing, and its help; in each language."""
    t, forms = Translator(language), 0
    for name, example in EXAMPLES.items():
        for text in (f"/{example}", f"/{name}", f"/{name} {LONG}", f"/help {name}"):
            reply = await handled(core, text, language)
            if reply.form is not None:
                made = view(reply.form, HERE, t)
                check_view(made)
                assert live(made) == []
                assert len(opener(reply.form, t).line) <= 2000
                forms += 1
            assert live(sent(reply, t)) == []
    assert forms > 20


async def test_every_reply_at_its_longest_is_one_that_slack_takes(core: Core) -> None:
    """With title, body, fields and buttons as long and as many as they come: nothing is left out."""
    rows = (tuple(Button(LONG[:300], "x" * 2000, tone=Tone.DANGER) for _ in range(30)),) * 3
    copied = ((Button("Copy", copy=LONG),), (Button(LONG, url="https://a.example/" + "x" * 2900),))
    fields = tuple(Field(LONG[:300], LONG[:2500]) for _ in range(12))
    kinds = dict[object, Reply]()  # of replies that differ by more than what is made longer in each
    for example in EXAMPLES.values():
        reply = await handled(core, f"/{example}")
        kinds[tuple(map(len, reply.buttons)), len(reply.fields), reply.secret, reply.private] = reply
    assert len(kinds) > 5
    for reply in kinds.values():
        longest = replace(
            reply, title=LONG, body=LONG, fields=(*reply.fields, *fields),
            buttons=(*reply.buttons, *rows, *copied),
        )  # fmt: skip
        laid_out = sent(longest, Translator(), shown=({"file": "F0123456789"},))
        assert live(laid_out) == []
        shown = [e for c in laid_out for b in c["blocks"] if b["type"] == "actions" for e in b["elements"]]
        assert len(shown) == len([each for row in longest.buttons for each in row if each.line or each.url])


@pytest.mark.parametrize("secret", [False, True])
def test_forty_thousand_characters_arrive_whole(secret: bool) -> None:
    """Nothing of what people said is cut but where a notification or an alternative text has its limit."""
    reply = Reply(LONG, LONG, secret=secret)
    laid_out = messages(reply, image_url="https://qr.example/i/a.png", t=Translator())
    words = "".join(
        piece["text"]
        for content in laid_out
        for block in content["blocks"]
        if block["type"] == "rich_text"
        for section in block["elements"]
        for piece in section["elements"]
    )
    assert words == f"{LONG}\n{LONG}\n"
    for content in laid_out:
        images = [block for block in content["blocks"] if block["type"] == "image"]
        assert all(len(image["alt_text"]) <= 2000 for image in images)
        assert all("evil" not in image["alt_text"] for image in images) or not secret


# --- forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.params])
def test_every_form_at_its_longest_is_one_that_slack_opens(name: str) -> None:
    """Labels, values, errors and choices; also as the answer to a submission, and behind a button."""
    t = Translator("de")
    known = form(Ask(COMMANDS[name], {}), t)
    questions = tuple(
        replace(each, label=LONG, error=LONG, default=LONG[:3001], choices=each.choices and many())
        for each in known.questions
    )
    longest = Form(known.command, LONG, questions, {each.name: LONG for each in questions})
    made = view(longest, HERE, t)
    check_view(made)
    assert live(made) == []
    assert len(made["private_metadata"]) <= 3000
    assert len(opener(longest, t).line) <= 2000
    if questions:
        assert all(len(said) > 0 for said in errors(longest)["errors"].values())


def many() -> tuple[tuple[str, str], ...]:
    """Give more choices than a list holds, with longer labels than it shows."""
    return tuple((str(number), LONG[:200]) for number in range(150))


def test_a_form_that_leads_to_another_is_one_that_slack_takes() -> None:
    """In place of the one sent."""
    asked = Request("r", Actor("slack", "T1:U1"), Space("slack", "T1:C1"), command="wifi", address=dict(HERE))
    led = Form("pay", LONG, (Question("kind", LONG, Entry.CHOICE, choices=many()),))
    answer = again({}, asked, led, Translator())
    assert answer["response_action"] == "update"
    check_view(answer["view"])
    assert live(answer) == []


# --- any text at all ----------------------------------------------------------------------------------------

SHARP = st.sampled_from(
    ["<!channel>", "<!here|x>", "<@U1>", "<#C1>", "<!subteam^S1>", "<https://a.example|bank>",
     "<mailto:a@b.c>",
     "&lt;!channel&gt;", "*b*", "```", "\u202e", "\x00", "😀", "&", "<", ">"]
)  # fmt: skip
TEXTS = st.lists(st.text(max_size=20) | SHARP, max_size=6).map("".join)
REPLIES = st.builds(
    Reply,
    title=TEXTS,
    body=TEXTS,
    fields=st.lists(st.builds(Field, TEXTS, TEXTS), max_size=3).map(tuple),
    buttons=st.lists(
        st.lists(
            st.builds(Button, TEXTS, line=st.just("go"), tone=st.sampled_from(Tone))
            | st.builds(Button, TEXTS, copy=TEXTS.filter(bool)),
            max_size=3,
        ).map(tuple),
        max_size=3,
    ).map(tuple),
    secret=st.booleans(),
)


@given(REPLIES)
def test_whatever_a_reply_says_is_text(reply: Reply) -> None:
    """Mentions of all and disguised links stay what they are: characters. No markup is ours, either."""
    assert live(sent(reply, Translator())) == []


@given(
    TEXTS,
    st.lists(
        st.builds(
            Question,
            st.text("abc", min_size=1, max_size=9),
            TEXTS,
            st.sampled_from(Entry),
            default=TEXTS,
            choices=st.lists(st.tuples(st.text("ab", min_size=1, max_size=5), TEXTS), max_size=4).map(tuple),
            error=TEXTS,
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda question: question.name,
    ).map(tuple),
)
def test_whatever_a_form_says_is_text(title: str, questions: tuple[Question, ...]) -> None:
    """Its title, labels, hints and choices; what is in a field is what was typed."""
    made = view(Form("wifi", title, questions), HERE, Translator())
    check_view(made)
    assert live(made) == []
