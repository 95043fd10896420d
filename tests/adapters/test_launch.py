"""Who opened the Mini App: only what Telegram signed for this bot, lately, and in one reading alone."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.launch import LIFE, LONGEST, Unvouched, launch_key, opened_by
from bot.message import Actor
from tests.fakes.telegram.launch import init_data, opened, user_of
from tests.fakes.telegram.things import Person
from tests.fakes.telegram.world import TOKEN

NOW = datetime(2030, 5, 17, 12, tzinfo=UTC)
KEY = launch_key(TOKEN)
ADA = Person(101, "Ada", "Lovelace", "ada", "de")
USER = user_of(ADA)
GOOD = opened(TOKEN, ADA, NOW.timestamp())

# What Telegram itself has signed for two bots whose tokens are published with it, without "signature" and
# with it (github.com/Telegram-Mini-Apps/tma.js, packages/init-data-node).
PUBLISHED = (
    (
        ("5768337691", "AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"),
        "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22"
        "last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_p"
        "remium%22%3Atrue%7D&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eae"
        "d2e2b2",
        "Vladislav Kibenko",
    ),
    (
        ("7342037359", "AAFZehRPBRs8Seg40oDjTMIW8uTGPuW1zfQ"),
        "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name"
        "%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22"
        "%3Atrue%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fus"
        "erpic%5C%2F320%5C%2F4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281"
        "151&chat_type=private&auth_date=1733584787&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93"
        "e7080d6&signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ",
        "Vladislav + - ? / Kibenko",
    ),
)


def signed(**fields: str) -> str:
    """Sign fields for our bot, beside them a user and this moment."""
    return init_data(TOKEN, {"user": USER, "auth_date": str(int(NOW.timestamp())), **fields})


def somebody(**changes: object) -> str:
    """Sign another user."""
    return signed(user=json.dumps({"id": 101, "first_name": "Ada"} | changes))


@pytest.mark.parametrize(("token", "data", "name"), PUBLISHED)
def test_what_telegram_has_signed_is_believed(token: tuple[str, str], data: str, name: str) -> None:
    """Its own data, with the tokens it was signed with."""
    moment = datetime.fromtimestamp(int(dict(parse_qsl(data))["auth_date"]), UTC)
    assert opened_by(launch_key(":".join(token)), data, moment) == Actor("telegram", "279058397", name, "ru")


def test_whoever_opened_it_is_told_as_their_messages_would_tell() -> None:
    """The same account, name and language; also twice, and until the hour is over."""
    for age in (timedelta(), timedelta(minutes=1), LIFE):
        assert opened_by(KEY, GOOD, NOW + age) == Actor("telegram", "101", "Ada Lovelace", "de")


def test_names_may_hold_whatever_people_have_in_theirs() -> None:
    """Joined emoji, marks of direction, quotes."""
    name = 'Åda 👩\u200d💻 \u200fאדה "x" & <b>'
    assert opened_by(KEY, somebody(first_name=name), NOW).name == name


@pytest.mark.parametrize(
    "data",
    [
        "",
        "hello",
        GOOD.replace("Lovelace", "Lovelacf"),
        GOOD.replace("101", "102"),
        GOOD[:-1],
        GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"),
        GOOD.upper(),
        GOOD + "&more=1",
        GOOD + "&auth_date=1",
        GOOD + "&user=" + urlencode({"": USER})[1:],
        GOOD.replace("hash=", "hash=00"),
        GOOD.partition("&hash=")[0],
        GOOD.partition("&hash=")[0] + "&hash=",
        GOOD.replace("&hash=", "%0Ahash="),
        opened("987654321:AA" + "OtherToken" * 3 + "Other", ADA, NOW.timestamp()),
        opened(TOKEN, ADA, (NOW - LIFE).timestamp() - 1),
        opened(TOKEN, ADA, (NOW + timedelta(minutes=2)).timestamp()),
        signed(auth_date="9" * 11),
        signed(auth_date="-1"),
        signed(auth_date="1_000"),
        signed(auth_date=""),
        signed(chat="x\ny=1"),
        signed(user=""),
        signed(user="[]"),
        signed(user="[" * 3000),
        signed(start_param="x" * LONGEST),
        somebody(id="101"),
        somebody(id=True),
        somebody(id=0),
        somebody(id=-100),
        somebody(id=2**60),
        somebody(id=1.5),
        somebody(first_name=None),
        somebody(last_name=5),
        somebody(is_bot=True),
        somebody(language_code=["de"]),
        somebody(language_code="d\x00"),
        GOOD + "&é=1",
        GOOD + "&%ff=1",
        GOOD + "".join(f"&a{'b' * at}=1" for at in range(40)),
    ],
)
def test_anything_else_is_nobody(data: str) -> None:
    """Tampered, old, of the future, another bot's, ambiguous, too long, or of the wrong kind."""
    with pytest.raises(Unvouched) as refused:
        opened_by(KEY, data, NOW)
    assert str(refused.value) == ""


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_nothing_that_is_sent_is_more_than_refused(data: str) -> None:
    """Whatever it is."""
    with pytest.raises(Unvouched):
        opened_by(KEY, data, NOW)


@given(st.data())
def test_one_changed_character_is_enough(data: st.DataObject) -> None:
    """Wherever it stands, unless it reads the same."""
    at = data.draw(st.integers(0, len(GOOD) - 1))
    changed = GOOD[:at] + data.draw(st.characters(codec="ascii")) + GOOD[at + 1 :]
    if sorted(parse_qsl(changed, keep_blank_values=True)) != sorted(parse_qsl(GOOD, keep_blank_values=True)):
        with pytest.raises(Unvouched):
            opened_by(KEY, changed, NOW)
