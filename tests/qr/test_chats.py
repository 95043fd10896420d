"""Links that open a conversation lead to exactly whom they should, with exactly the message typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.chats import (
    FaceTime,
    Signal,
    WhatsApp,
    build_facetime,
    build_signal,
    build_whatsapp,
    read_facetime,
    read_signal,
    read_whatsapp,
)
from bot.qr.payloads.kind import Reading
from bot.qr.payloads.telegram import Telegram, build_telegram, read_telegram
from bot.qr.refusal import Refused

words = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t")).map(str.strip)
numbers = st.sampled_from(["+442079460958", "+12015550123", "+4930123456", "+390612345678"])
usernames = st.from_regex(r"[A-Za-z](_?[A-Za-z0-9]){4,12}", fullmatch=True)
starts = st.from_regex(r"[A-Za-z0-9_-]{0,64}", fullmatch=True)
LINK = f"https://signal.me/#eu/{'aB3_-x9Z' * 8}"


@given(numbers, words)
def test_a_whatsapp_chat_reads_back_as_itself(number: str, text: str) -> None:
    """Whatever separators its message holds."""
    whatsapp = WhatsApp(number, text)
    assert read_whatsapp(build_whatsapp(whatsapp)) == Reading("whatsapp", whatsapp)


@given(usernames, starts, words)
def test_a_telegram_link_reads_back_as_itself(username: str, start: str, text: str) -> None:
    """With what starts a bot, or with a message."""
    for telegram in (Telegram(username, start), Telegram(username, text=text)):
        assert read_telegram(build_telegram(telegram)) == Reading("telegram", telegram)


@given(numbers)
def test_a_signal_chat_and_a_facetime_call_read_back_as_themselves(number: str) -> None:
    """Numbers, and the link or the address that may stand in their place."""
    for signal in (Signal(number), Signal(username=LINK)):
        assert read_signal(build_signal(signal)) == Reading("signal", signal)
    for address in (number, "ada+home/x?y@example.org"):
        assert read_facetime(build_facetime(FaceTime(address))) == Reading("facetime", FaceTime(address))


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the link; and no reader takes another kind's."""
    starts_of = (
        "",
        "https://wa.me/1",
        "https://t.me/",
        "https://t.me/durov?",
        "https://signal.me/#p/+1",
        "facetime:",
    )
    for start in starts_of:
        for read, kind in (
            (read_whatsapp, "whatsapp"), (read_telegram, "telegram"), (read_signal, "signal"),
            (read_facetime, "facetime"),
        ):  # fmt: skip
            assert getattr(read(start + text), "kind", kind) == kind


@given(st.text())
def test_whatever_is_typed_one_link_comes_out(text: str) -> None:
    """Or a refusal; the number of its values never changes."""
    for telegram in (Telegram(text), Telegram("durov", text), Telegram("durov", "", text)):
        try:
            url = build_telegram(telegram)
        except Refused:
            continue
        reading = read_telegram(url)
        assert reading is not None
        assert build_telegram(reading.content) == url


@pytest.mark.parametrize(
    ("whatsapp", "text"),
    [
        # WhatsApp Help, "How to use click to chat"
        (WhatsApp("+1 (555) 123-4567"), "https://wa.me/15551234567"),
        (
            WhatsApp("+15551234567", "I'm interested in your car for sale"),
            "https://wa.me/15551234567?text=I'm%20interested%20in%20your%20car%20for%20sale",
        ),
        (WhatsApp("0044 20 7946 0958", " a\r\nb&c=1 "), "https://wa.me/442079460958?text=a%0Ab%26c%3D1"),
    ],
)
def test_a_whatsapp_chat_is_written_as_whatsapp_says(whatsapp: WhatsApp, text: str) -> None:
    """Digits alone, the message percent-encoded."""
    assert build_whatsapp(whatsapp) == text


@pytest.mark.parametrize(
    ("text", "whatsapp"),
    [
        ("https://wa.me/442079460958/", WhatsApp("+442079460958")),
        ("https://wa.me/+442079460958?text=Hi+there%21", WhatsApp("+442079460958", "Hi there!")),
        ("https://api.whatsapp.com/send?phone=442079460958&text=Hi", WhatsApp("+442079460958", "Hi")),
        (
            "https://api.whatsapp.com/send/?phone=%2B44+20+79460958&type=phone_number&app_absent=0",
            WhatsApp("+442079460958"),
        ),
        ("whatsapp://send?phone=442079460958&text=Hi", WhatsApp("+442079460958", "Hi")),
    ],
)
def test_other_forms_of_a_whatsapp_chat_are_read(text: str, whatsapp: WhatsApp) -> None:
    """Older links, a plus, spaces, the form of native apps."""
    assert read_whatsapp(text) == Reading("whatsapp", whatsapp)
    assert interpret(text).kind == "whatsapp"


@pytest.mark.parametrize(
    "text",
    [
        "https://wa.me/",
        "https://wa.me/message/ABCDEFGHIJ",
        "https://wa.me/qr/ABCDEFGHIJ",
        "https://wa.me/?text=Hi",
        "https://wa.me/442079460958?text=Hi&utm_source=x",
        "https://wa.me:8443/442079460958",
        "https://ada@wa.me/442079460958",
        "https://bad.example/442079460958",
        "https://chat.whatsapp.com/ABCDEFGHIJ",
        "https://t.me/+AbCdEf",
        "https://t.me/joinchat/AbCdEf",
        "https://t.me/durov/123",
        "https://t.me/s/durov",
        "https://t.me/gif",
        "https://t.me/share?url=https://example.com",
        "https://t.me/durov?start=a%20b",
        "https://t.me/durov?start=a&text=b",
        "https://t.me/durov?startgroup=a",
        "https://t.me.bad.example/durov",
        "https://signal.group/#AbCdEf",
        "https://signal.me/#eu/short",
        "https://signal.me/",
    ],
)
def test_other_links_of_theirs_stay_links(text: str) -> None:
    """Groups, posts, invitations, other parameters, other hosts."""
    assert interpret(text).kind == "url"


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (read_whatsapp, "https://wa.me/004420794", "There is no phone number"),
        (read_whatsapp, "http://wa.me/442079460958", "not encrypted"),
        (read_whatsapp, "https://wa.me/442079460958?text=a%00", "invisible control character"),
        (read_telegram, "http://t.me/durov", "not encrypted"),
        (read_telegram, "https://t.me/durov?text=a%00", "invisible control character"),
        (read_signal, "https://signal.me/#p/+99912345", "There is no phone number"),
        (read_facetime, "facetime:0301234567", "Begin the phone number with +"),
        (read_facetime, "facetime-audio:+442079460958", "without a picture"),
    ],
)
def test_what_is_wrong_with_a_link_is_said(read: object, text: str, says: str) -> None:
    """It is read all the same."""
    assert callable(read)
    reading = read(text)
    assert [says in str(warning) for warning in reading.warnings] == [True]


@pytest.mark.parametrize(
    ("telegram", "text"),
    [
        # core.telegram.org/api/links, "Public username links" and "Bot links"; /bots/features, "Deep linking"
        (Telegram("durov"), "https://t.me/durov"),
        (Telegram("@your_bot", "airplane"), "https://t.me/your_bot?start=airplane"),
        (Telegram("durov", text="Hi & bye"), "https://t.me/durov?text=Hi%20%26%20bye"),
        (Telegram("t.me/durov"), "https://t.me/durov"),
        (Telegram("http://telegram.me/durov/"), "https://t.me/durov"),
        (Telegram("durov.t.me"), "https://t.me/durov"),
        (Telegram("https://t.me/your_bot?start=airplane"), "https://t.me/your_bot?start=airplane"),
        (Telegram("https://t.me/your_bot?start=airplane", "ship"), "https://t.me/your_bot?start=ship"),
        (Telegram("tg://resolve?domain=your_bot&start=airplane"), "https://t.me/your_bot?start=airplane"),
    ],
)
def test_a_telegram_link_is_written_as_telegram_says(telegram: Telegram, text: str) -> None:
    """From a name with and without @, and from the links people copy."""
    assert build_telegram(telegram) == text


@pytest.mark.parametrize(
    ("telegram", "field"),
    [
        (Telegram(""), "username"),
        (Telegram("abcd"), "username"),
        (Telegram("a" * 33), "username"),
        (Telegram("1durov"), "username"),
        (Telegram("du__rov"), "username"),
        (Telegram("durov_"), "username"),
        (Telegram("share"), "username"),
        (Telegram("durov?start=x"), "username"),
        (Telegram("https://t.me/+AbCdEf"), "username"),
        (Telegram("durov", "a b"), "start"),
        (Telegram("durov", "a" * 65), "start"),
        (Telegram("durov", "a", "b"), "text"),
        (Telegram("durov", "", "a\x00"), "text"),
    ],
)
def test_what_telegram_would_not_open_is_refused_at_its_field(telegram: Telegram, field: str) -> None:
    """Names that cannot be, starts that are too long, both at once."""
    with pytest.raises(Refused) as refused:
        build_telegram(telegram)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        # Signal-Android, SignalMeUtil
        (Signal("+44 20 7946 0958"), "https://signal.me/#p/+442079460958"),
        (Signal("sgnl://signal.me/#p/+442079460958"), "https://signal.me/#p/+442079460958"),
        (Signal(LINK), LINK),
        (Signal(username=LINK.replace("https", "sgnl")), LINK),
    ],
)
def test_a_signal_chat_is_written_as_signal_says(signal: Signal, text: str) -> None:
    """A number, or the link that Signal made."""
    assert build_signal(signal) == text
    assert interpret(text).kind == "signal"


@pytest.mark.parametrize(
    ("signal", "field", "says"),
    [
        (Signal(), "number", "Begin the phone number"),
        (Signal("112"), "number", "Begin the phone number"),
        (Signal(username="ada.01"), "username", "Only Signal itself"),
        (Signal("@ada.01"), "username", "Only Signal itself"),
        (Signal(username="ada"), "username", "no link to a Signal username"),
        (Signal("+442079460958", LINK), "username", "A code opens one chat"),
    ],
)
def test_a_signal_chat_that_cannot_be_made_is_refused_plainly(signal: Signal, field: str, says: str) -> None:
    """A username's link holds a key of Signal's, and the sentence says where to find it."""
    with pytest.raises(Refused) as refused:
        build_signal(signal)
    assert says in str(refused.value)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "facetime"),
    [
        # Apple URL Scheme Reference, "FaceTime Links": for Safari and for native apps
        ("facetime:user@example.com", FaceTime("user@example.com")),
        ("facetime://user@example.com", FaceTime("user@example.com")),
        ("FaceTime:+442079460958", FaceTime("+442079460958")),
        ("facetime://%2B442079460958", FaceTime("+442079460958")),
    ],
)
def test_both_forms_of_a_facetime_call_are_read(text: str, facetime: FaceTime) -> None:
    """And written in the first."""
    assert read_facetime(text) == Reading("facetime", facetime)
    assert build_facetime(facetime) == f"facetime:{facetime.address}"


@pytest.mark.parametrize("typed", ["", "with grandma", "ada", "112", "ada@", "+1 555"])
def test_whom_facetime_cannot_call_is_refused(typed: str) -> None:
    """Neither a number with its country nor an email address."""
    with pytest.raises(Refused) as refused:
        build_facetime(FaceTime(typed))
    assert refused.value.field == "address"


@pytest.mark.parametrize(
    "text", ["facetime:", "facetime: with grandma", "facetime:later", "facetime", "signal me"]
)
def test_words_are_no_call(text: str) -> None:
    """They stay a text."""
    assert interpret(text).kind == "text"
