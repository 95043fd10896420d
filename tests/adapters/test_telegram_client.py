"""What carries the SDK's requests: files and fields as sent, errors as the SDK's own client raises them."""

import traceback
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputFile
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from adapters.telegram.client import AiohttpRequest, Patience, proxy
from tests.fakes import FakeTelegram
from tests.fakes.drawn import qr
from tests.fakes.telegram import Chat

SHORT = Patience(pool=5, connect=5, read=0.2, write=5, media_write=5)


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    """Run a Telegram."""
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def bot(tg: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """Open the SDK's bot on our client."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the SDK's old way warns
    sending, polling = AiohttpRequest(tg.url, 4, SHORT), AiohttpRequest(tg.url, 1, SHORT)
    async with Bot(tg.token, f"{tg.url}/bot", f"{tg.url}/file/bot", sending, polling) as opened:
        yield opened


@pytest.fixture
def home(tg: FakeTelegram) -> Chat:
    """Open a private chat."""
    return tg.private(tg.person(), started=True)


async def test_a_photo_arrives_with_its_name_and_whatever_its_caption_says(
    tg: FakeTelegram, bot: Bot, home: Chat
) -> None:
    """As multipart: line breaks, quotes, other scripts and what looks like a boundary stay as they are."""
    caption = 'a "quoted" line\r\n--boundary\r\nКод 🎉'
    await bot.send_photo(home.id, InputFile(qr("hello"), filename='a "b".png'), caption=caption)
    [photo] = tg.replies(home)
    assert tg.decode(photo) == ["hello"]
    [call] = [call for call in tg.calls if call.method == "sendPhoto"]
    assert call.fields["caption"] == caption
    [part] = call.files.values()
    assert part.media_type == "image/png"


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"status": 502}, NetworkError),
        ({"status": 502, "html": True}, NetworkError),
        ({"status": 429, "retry_after": 7}, RetryAfter),
        ({"cut": "before"}, NetworkError),
        ({"slow": 1.0}, TimedOut),
    ],
)
async def test_what_goes_wrong_is_raised_as_by_the_sdk_and_names_no_token(
    tg: FakeTelegram, bot: Bot, home: Chat, fault: dict[str, object], raised: type[TelegramError]
) -> None:
    """A proxy's page, flood control, a connection that is cut, an answer that does not come."""
    tg.fail("sendMessage", **fault)  # type: ignore[arg-type]
    with pytest.raises(raised) as caught:
        await bot.send_message(home.id, "hello")
    assert type(caught.value) is raised
    assert tg.token not in "".join(traceback.format_exception(caught.value))


async def test_a_server_that_is_not_there_is_the_networks_error() -> None:
    """And no error holds the address, which holds the token."""
    client, token = AiohttpRequest("http://127.0.0.1:1", 1, SHORT), "123:" + "x" * 9
    async with client:
        with pytest.raises(NetworkError, match=r"^aiohttp\.ClientConnector") as caught:
            await client.post(f"http://127.0.0.1:1/bot{token}/getMe")
    assert token not in "".join(traceback.format_exception(caught.value))


async def test_a_token_that_is_wrong_is_said_to_be(tg: FakeTelegram) -> None:
    """As the SDK says it."""
    client = AiohttpRequest(tg.url, 1, SHORT)
    async with client:
        with pytest.raises(InvalidToken):
            await client.post(f"{tg.url}/bot{tg.token[:-1]}X/getMe")


def test_the_environments_proxy_is_used_but_where_it_is_not_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTPS_PROXY, ALL_PROXY and NO_PROXY, as everywhere."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert proxy("https://api.telegram.org") is None
    monkeypatch.setenv("ALL_PROXY", "http://all:1")
    assert proxy("https://api.telegram.org") == "http://all:1"
    monkeypatch.setenv("HTTPS_PROXY", "http://secure:1")
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert proxy("https://api.telegram.org") == "http://secure:1"
    assert proxy("http://localhost:8081") is None
