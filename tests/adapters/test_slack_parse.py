"""What Slack posts, as requests: who, where, exactly what was typed; or nothing; or an error with a name."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.parse import Unparsable, parse
from adapters.slack.places import URL_LIFE, request_id
from adapters.slack.texts import unescaped
from bot.message import Asking, Request, SpaceKind
from tests.adapters.slack_bodies import (
    BOT,
    HERE,
    NOW,
    Body,
    command,
    mention,
    message,
    mutated,
    pressed,
    submitted,
)
from tests.anything import ANYTHING
from tests.fakes.slack.people import escaped, rich, written


def read(body: Body) -> Request:
    """Parse what is for us."""
    request = parse(body, NOW)
    assert request is not None
    return request


# --- the kinds of bodies ------------------------------------------------------------------------------------


def test_a_command_is_its_text_and_is_answered_aside() -> None:
    """Who, where and what are kept, and for how long the response_url may be used."""
    request = read(command("wifi  Guest", channel_name="général"))
    assert (request.id, request.text) == ("slack:13.37.abc", "wifi  Guest")
    assert (request.actor.key, request.actor.name) == ("slack:T1:U1", "ada")
    assert (request.space.key, request.space.kind) == ("slack:T1:C1", SpaceKind.CHANNEL)
    assert request.space.title == "général"
    assert (request.asking, request.pressed, request.answered) == (Asking.FORM, False, False)
    assert request.address == {
        "team": "T1", "channel": "C1", "user": "U1", "aside": 1, "response_url": HERE,
        "until": int(NOW) + URL_LIFE,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "  ", None])
def test_a_command_without_a_text_asks_for_one(text: str | None) -> None:
    """Slack leaves the field empty, or out."""
    body = command(text or "")
    if text is None:
        del body["text"]
    assert read(body).text == "/qr"


def test_a_command_in_direct_messages_is_in_a_private_place() -> None:
    """Nobody reads along there; without a response_url there is nothing to remember."""
    body = command(channel_id="D1")
    del body["response_url"]
    request = parse(body, NOW, "D1")
    assert request is not None
    assert (request.space.kind, request.aside) == (SpaceKind.PRIVATE, False)
    assert request.address == {"team": "T1", "channel": "D1", "user": "U1", "direct": 1, "aside": 0}


@pytest.mark.parametrize("name", ["directmessage", "privategroup", "mpdm-ada--bea--cleo-1"])
@pytest.mark.parametrize("channel", ["D2", "G2", "C2"])
@pytest.mark.parametrize("ours", ["", "D1"])
def test_other_peoples_conversations_are_not_ours(name: str, channel: str, ours: str) -> None:
    """Two people, or a few, who say a command among themselves: only the person sees the answer."""
    request = parse(command(channel_id=channel, channel_name=name), NOW, ours)
    assert request is not None
    assert (request.space.kind, request.aside) == (SpaceKind.CHANNEL, True)
    assert (request.address["aside"], "direct" in request.address) == (1, False)


def test_only_an_answer_for_one_is_aside() -> None:
    """A press there, and a form that was opened from there; not in our direct messages, nor for all."""
    assert read(pressed(is_ephemeral=True)).aside
    assert not read(pressed()).aside
    direct = pressed(is_ephemeral=True) | {"channel": {"id": "D1"}}
    told = parse(direct, NOW, "D1")
    assert told is not None
    assert (told.aside, told.space.kind, told.address["direct"]) == (False, SpaceKind.PRIVATE, 1)
    assert read(direct).aside
    assert read(submitted({})).aside
    assert not read(message()).aside
    assert not read(mention(f"<@{BOT}> a")).aside


# --- people of other workspaces -----------------------------------------------------------------------------


def test_a_user_of_another_workspace_is_somebody_else() -> None:
    """Ids are unique within a workspace alone; the place and the token stay those of ours."""
    theirs = pressed()
    theirs["user"]["team_id"] = "T9"
    request = read(theirs)
    assert request.actor.key == "slack:T9:U1"
    assert (request.space.key, request.address["team"], request.address["user"]) == (
        "slack:T1:C1",
        "T1",
        "U1",
    )
    said = mention(f"<@{BOT}> a", user_team="T9") | {"is_ext_shared_channel": True}
    assert read(said).actor.key == "slack:T9:U1"
    sent = submitted({})
    sent["user"]["team_id"] = "T9"
    assert read(sent).actor.key == "slack:T9:U1"


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["user"].update(team_id="T1"),
        lambda body: body["user"].update(team_id=None),
        lambda body: (body["user"].update(team_id="T2"), body.update(enterprise={"id": "E1"})),
        lambda body: (body["user"].update(team_id="T2"), body["team"].update(enterprise_id="E1")),
    ],
)
def test_a_colleague_is_who_they_are_wherever_they_act(change: Callable[[Body], object]) -> None:
    """Within a company ids are the same in all of its workspaces."""
    body = pressed()
    change(body)
    assert read(body).actor.key == "slack:T1:U1"
    body["user"]["id"] = "W012A3CDE"
    assert read(body).actor.key == "slack:T1:W012A3CDE"
    assert read(mention(f"<@{BOT}> a", user_team="T2", team="T2")).actor.key == "slack:T1:U1"
    assert (
        read(mention(f"<@{BOT}> a", team="T1") | {"is_ext_shared_channel": True}).actor.key == "slack:T1:U1"
    )


def test_a_press_is_its_line_and_knows_its_message() -> None:
    """The picture that stands there comes back in the block's id."""
    request = read(pressed(is_ephemeral=True, thread_ts="16.9"))
    assert (request.id, request.text, request.pressed) == ("slack:13.38.abc", "show 7K3F", True)
    assert request.asking is Asking.FORM
    address = dict(request.address)
    assert {name: address[name] for name in ("message", "aside", "picture", "thread")} == {
        "message": "17.1", "aside": 1, "picture": "f00d", "thread": "16.9",
    }  # fmt: skip
    open_for_all = read(pressed()).address
    assert (open_for_all["aside"], "thread" in open_for_all) == (0, False)


@pytest.mark.parametrize("value", [None, ""])
def test_a_button_with_an_address_is_nothing_for_us(value: str | None) -> None:
    """Slack has opened the page, and tells us of the press all the same."""
    assert parse(pressed(value), NOW) is None


def test_a_form_that_was_sent_is_its_values() -> None:
    """What was left empty is not there; the answer goes where the form was asked for."""
    request = read(
        submitted(
            {
                "ssid": {"type": "plain_text_input", "value": "A & <B>"},
                "password": {"type": "plain_text_input", "value": None},
                "security": {"type": "static_select", "selected_option": {"value": "WPA"}},
                "hidden": {"type": "static_select", "selected_option": None},
            }
        )
    )
    assert (request.id, request.command) == ("slack:V1:1.a", "wifi")
    assert request.values == {"ssid": "A & <B>", "security": "WPA"}
    assert (request.space.key, request.asking) == ("slack:T1:C1", Asking.FORM)
    assert (request.address["response_url"], request.address["aside"]) == (HERE, 1)


def test_a_direct_message_is_its_text_as_typed() -> None:
    """It is asked on question by question, and answered outside of threads."""
    request = read(message("  two  words \n"))
    assert (request.id, request.text, request.asking) == ("slack:Ev1", "  two  words \n", Asking.QUESTION)
    assert (request.space.key, request.space.kind) == ("slack:T1:D1", SpaceKind.PRIVATE)
    assert request.address == {"team": "T1", "channel": "D1", "user": "U1", "direct": 1}
    assert read(message(thread_ts="15.0")).address["thread"] == "15.0"


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_other_kinds_of_messages_that_a_person_wrote_count(subtype: str) -> None:
    """With a file, from a thread to all, and with /me."""
    assert read(message("hi", subtype=subtype)).text == "hi"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"<@{BOT}> hello all", "hello all"),
        (f"hello <@{BOT}|qr> all ", "hello all"),
        (f"<@U2> asked <@{BOT}> hello", "<@U2> asked hello"),
        (f"<@{BOT}> <@{BOT}> twice", f"<@{BOT}> twice"),
        (f"<@{BOT}>\nwifi a", "wifi a"),
        (f" <@{BOT}> ", "/help"),
    ],
)
def test_a_mention_loses_the_name_of_the_bot_and_no_other(text: str, meant: str) -> None:
    """What remains is what is meant; nothing remaining asks for help."""
    request = read(mention(text))
    assert (request.text, request.asking) == (meant, Asking.FORM)


def test_a_mention_is_answered_in_its_thread() -> None:
    """The thread it stands in, or one below it."""
    below = read(mention(f"<@{BOT}> a")).address
    within = read(mention(f"<@{BOT}> a", thread_ts="15.0")).address
    assert (below["thread"], below["below"], below["until"]) == ("17.2", 1, 317)
    assert (within["thread"], "below" in within) == ("15.0", False)
    assert read(mention(f"<@{BOT}> a")).space.kind is SpaceKind.CHANNEL


def test_a_mention_is_known_also_where_slack_does_not_say_who_we_are() -> None:
    """Then the first one is taken for ours."""
    body = mention("<@U9> hello <@U2>")
    del body["authorizations"]
    assert read(body).text == "hello <@U2>"


def test_in_direct_messages_the_name_of_the_bot_is_taken_off_the_beginning() -> None:
    """Some people say it there too; elsewhere in the text it belongs to that."""
    assert read(message(f"<@{BOT}> hello")).text == "hello"
    assert read(message(f"say <@{BOT}>")).text == f"say <@{BOT}>"
    assert read(message("<@U2> hello")).text == "<@U2> hello"


def test_files_count_where_codes_may_be_in_them() -> None:
    """Pictures, PDF, and what Slack has not looked at yet; nothing is fetched."""
    kinds = ("image/png", "application/pdf", "text/plain", "", None)
    files = [{"id": f"F{n}", "name": f"{n}.x", "mimetype": kind, "size": n} for n, kind in enumerate(kinds)]
    request = read(message("", subtype="file_share", files=files))
    assert [upload.ref for upload in request.uploads] == ["F0", "F1", "F3", "F4"]
    assert [upload.size for upload in request.uploads] == [0, 1, 3, 4]
    assert all(upload.data == b"" for upload in request.uploads)
    assert read(mention(f"<@{BOT}>", files=files[:1])).text == ""


@pytest.mark.parametrize(
    "body",
    [
        message(bot_id="B1"),
        message(subtype="bot_message"),
        message(subtype="message_changed", message={"text": "new"}),
        message(subtype="message_deleted"),
        message(subtype="pinned_item"),
        message(channel_type="channel", channel="C1"),
        message(channel_type="mpim", channel="G1"),
        message(type="reaction_added"),
        {"type": "view_closed"},
        {"type": "block_suggestion"},
        {},
    ],
)
def test_what_nobody_said_to_the_bot_is_nothing(body: Body) -> None:
    """Bots, the bot itself, edits, notices, other people's talk, and kinds we do not listen to."""
    assert parse(body, NOW) is None


# --- what was typed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a & b",
        "1 < 2 > 0",
        "&amp;",
        "&lt;b&gt;",
        "<b>bold</b>",
        "<https://a.example|label>",
        "<@U1> <!channel> <#C1|general>",
        "https://example.com/?b=1&c=2",
        "ada@b.example",
        "a.example",
        "*bold* _it_ ~no~ `code`",
        "<mailto:ada@b.example|x> <tel:+1|1>",
        "<!subteam^S1|@team> <!date^1^{date}|today> <!here>",
        "&amp;lt; <@U1|ada",
    ],
)
def test_a_slash_commands_text_is_exactly_what_was_typed(text: str) -> None:
    """Slack escapes three characters, and with ``should_escape`` off does nothing else to it."""
    assert read(command(escaped(text))).text == text


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("a &amp; b", "a & b"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("&amp;amp; &amp;lt;", "&amp; &lt;"),
        ("<https://a.example/?b=1&amp;c=2>", "https://a.example/?b=1&c=2"),
        ("<https://a.example/?b=1&amp;c=2|label>", "https://a.example/?b=1&c=2"),
        ("<http://a.example|a.example>", "a.example"),
        ("<https://a.example|a.example>", "a.example"),
        ("<http://a.example/?b=1&amp;c=2|a.example/?b=1&amp;c=2>", "a.example/?b=1&c=2"),
        ("<http://a.example|b.example>", "http://a.example"),
        ("<http://evil-a.example|a.example>", "http://evil-a.example"),
        ("<mailto:ada@b.example|ada@b.example>", "ada@b.example"),
        ("<mailto:ada@b.example>", "mailto:ada@b.example"),
        ("<mailto:ada@b.example|write to me>", "mailto:ada@b.example"),
        ("<tel:+15551234567|555-123-4567>", "555-123-4567"),
        ("<tel:+15551234567|call me>", "tel:+15551234567"),
        ("<tel:+15551234567>", "tel:+15551234567"),
        ("<slack://open|here>", "slack://open"),
        ("&lt;https://a.example|b&gt;", "<https://a.example|b>"),
        ("<#C1|general> and <#C2>", "#general and <#C2>"),
        ("<@U1|ada> and <@U2>", "@ada and <@U2>"),
        ("<!here> <!channel> <!everyone|everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@team> <!subteam^S2>", "@team <!subteam^S2>"),
        ("<!subteam^S1|team>", "@team"),
        ("<!here|here>", "@here"),
        ("<!date^1^{date}|today>", "today"),
        ("<!date^1^{date} at {time}^https://a.example/|a &amp; b>", "a & b"),
        ("<!date^1^{date}>", "<!date^1^{date}>"),
        ("<!new|something new>", "something new"),
        ("<#C1|> and <@U1|>", "<#C1|> and <@U1|>"),
        ("<@U1|a&amp;b> &amp; <#C1|c&lt;d>", "@a&b & #c<d"),
        ("<https://a.example/caf%C3%A9|https://a.example/café>", "https://a.example/café"),
        ("<https://a.example/?q=&lt;b&gt;|x>", "https://a.example/?q=<b>"),
        ("<tel:+49301234567|030 1234567>", "030 1234567"),
        ("<tel:+15551234567|000>", "tel:+15551234567"),
        ("<mailto:a@b.example?subject=x&amp;body=y|mail>", "mailto:a@b.example?subject=x&body=y"),
        # half, nested, odd: what is no escape of Slack's stays as it came
        ("<https://a.example", "<https://a.example"),
        ("https://a.example|b>", "https://a.example|b>"),
        ("<@U1", "<@U1"),
        ("<> <@> <!> <|b>", "<> <@> <!> <|b>"),
        ("<<https://a.example>>", "<https://a.example>"),
        ("<https://a.example|<@U1|ada>>", "<https://a.example|@ada>"),
        ("<@U1|ada|bea>", "@ada|bea"),
        # typed literally, and typed already escaped
        ("&lt;@U1|ada&gt; &lt;!channel&gt; &lt;#C1|general&gt;", "<@U1|ada> <!channel> <#C1|general>"),
        ("&lt;mailto:a@b.example|a&gt; &lt;tel:+1|1&gt;", "<mailto:a@b.example|a> <tel:+1|1>"),
        ("&lt;!subteam^S1|@team&gt; &lt;!date^1^{date}|x&gt;", "<!subteam^S1|@team> <!date^1^{date}|x>"),
        ("&amp;lt;https://a.example&amp;gt;", "&lt;https://a.example&gt;"),
        ("&amp;amp;amp;", "&amp;amp;"),
        ("&lt;&lt;&amp;&gt;&gt;", "<<&>>"),
    ],
)
def test_a_messages_text_loses_what_slack_made_of_it(raw: str, meant: str) -> None:
    """Escapes, links with and without what was added to them, names in the place of ids."""
    assert read(message(raw)).text == meant
    assert read(mention(f"<@{BOT}> {raw}")).text == meant


@pytest.mark.parametrize("part", ["<@U1|", "<https://a", "<!date^", "<", ">", "&amp;", "<tel:1|", "<#C|<"])
def test_what_is_begun_many_times_is_read_at_once(part: str) -> None:
    """As long as a message can be: it would take seconds, were each one looked for its end."""
    raw = (part * 40_000)[:40_000]
    assert read(message(raw)).text == unescaped(raw)


@pytest.mark.parametrize("text", ["party 🎉", "👋🏽 and 👋", "🎉🎉", ":smile: stays", "a 🎉 b.example & <c>"])
def test_a_messages_emoji_are_what_was_typed(text: str) -> None:
    """Slack writes their names in the text, and the characters in the blocks."""
    raw = written(text)
    assert not {"🎉", "👋"} & set(raw)
    assert read(message(raw, blocks=rich(text))).text == text


@pytest.mark.parametrize("points", ["", "zz", "1f44b-", "x" * 50])
def test_emoji_of_the_workspaces_own_keep_their_names(points: str) -> None:
    """They have no characters; neither has what is none."""
    blocks = [{"type": "rich_text", "elements": [{"type": "emoji", "name": "ours", "unicode": points}]}]
    assert read(message(":ours:", blocks=blocks)).text == ":ours:"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_escapes_come_off_once(text: str) -> None:
    """Whatever was typed, also entities, and however often."""
    assert unescaped(escaped(text)) == text
    assert unescaped(escaped(escaped(text))) == escaped(text)
    assert read(command(escaped(text))).text == (text if text.strip() else "/qr")


@given(
    st.lists(
        st.sampled_from(["&", "<", ">", "a b", "🎉", "ada@b.example", "a.example/x?y&z", "555-123-4567"])
    )
)
def test_a_message_comes_back_as_it_was_typed(words: list[str]) -> None:
    """Through all that Slack makes of it."""
    text = " ".join(words)
    assert read(message(written(text), blocks=rich(text))).text == text


# --- ids ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(event_context="2"),
        lambda body: body["event"].update(text="hallo"),
        lambda body: body.update(event_time=2),
    ],
)
def test_an_event_is_known_by_its_id_alone(change: Callable[[Body], None]) -> None:
    """Whatever else a repetition brings; nothing of the headers is asked."""
    body = message()
    change(body)
    assert request_id(body) == request_id(message()) == "slack:Ev1"


def test_a_form_sent_again_after_an_error_is_another_request() -> None:
    """The view stays the same, its hash changes."""
    assert request_id(submitted({}, hash="2.b")) != request_id(submitted({}))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event_id": 7},
        {"event_id": "a\x00b"},
        {"trigger_id": "x" * 300},
        {"type": "view_submission", "view": {"id": "V1"}},
        {"type": "view_submission", "view": {"id": None, "hash": None}},
        {"type": "view_submission", "view": 7},
    ],
)
def test_what_has_no_id_is_known_by_all_that_it_says(body: Body) -> None:
    """The same twice is the same; another is another; every database can keep it."""
    assert request_id(body) == request_id(json.loads(json.dumps(body)))
    assert request_id(body) != request_id(body | {"more": 1})
    assert len(request_id(body)) == len("slack:") + 40


# --- what is broken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        command(user_id=None),
        command(channel_id=7),
        command(team_id=""),
        command(team_id="T1\x00"),
        pressed() | {"actions": []},
        pressed() | {"actions": {}},
        pressed() | {"channel": None},
        pressed() | {"team": None},
        submitted({}, private_metadata="{"),
        submitted({}, private_metadata="[" * 100_000),
        submitted({}, private_metadata="{}"),
        submitted({"ssid": {}}),
        submitted({}, state={"values": {"ssid": {}}}),
        submitted({}, state={"values": {"ssid": {"a": {"type": "x"}, "b": {"type": "x"}}}}),
        message(user={}),
        message(files=[{"mimetype": "image/png"}]),
        message(files=[{"id": "F1", "mimetype": "image/png", "size": float("inf")}]),
        mention("a", ts=None) | {"event": 7},
        {"type": "event_callback"},
    ],
)
def test_what_is_broken_has_one_error(body: Body) -> None:
    """Whatever is missing or odd, so that nobody has to guess."""
    with pytest.raises(Unparsable):
        parse(body, NOW)


@given(mutated().filter(lambda body: isinstance(body, dict)) | st.dictionaries(st.text(max_size=8), ANYTHING))
def test_any_object_is_a_request_or_nothing_or_unparsable(body: Body) -> None:
    """And always has an id that a database can keep."""
    try:
        request = parse(body, NOW)
    except Unparsable:
        request = None
    assert request is None or request.id == request_id(body)
    assert request is None or all(isinstance(each, (str, int)) for each in request.address.values())
    assert request_id(body).isascii()
