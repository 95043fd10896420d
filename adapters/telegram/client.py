"""What carries python-telegram-bot's requests: aiohttp, at a quarter of what its own client costs a photo.

Every address holds the bot token, so no error names one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from time import perf_counter
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.journal import called

_ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})  # html.spec.whatwg.org, multipart/form-data


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a request waits: for a free connection, to connect, to write (a file), to read."""

    pool: float
    connect: float
    read: float
    write: float
    media_write: float


class AiohttpRequest(BaseRequest):
    """Requests to the API at an address, over so many connections at the most.

    ``date``: what time the last answer said it is there (RFC 9110, 6.6.1); empty where it did not.
    """

    __slots__ = ("_connections", "_patience", "_root", "_session", "date")

    def __init__(self, root: str, connections: int, patience: Patience) -> None:
        self.date = ""
        self._root, self._connections, self._patience = root, connections, patience
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Give the seconds that an answer may take."""
        return self._patience.read

    async def initialize(self) -> None:
        """Open the connections' pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=proxy(self._root),
            )

    async def shutdown(self) -> None:
        """Close it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the SDK's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a request; gives status and body, raises NetworkError and TimedOut as the SDK's own does."""
        if self._session is None:
            raise RuntimeError("this client is not initialized")
        usual = self._patience
        body, headers = _body(request_data)
        writing = usual.media_write if request_data and request_data.contains_files else usual.write
        timeout = _timeout(
            _chosen(pool_timeout, usual.pool),
            _chosen(connect_timeout, usual.connect),
            _chosen(read_timeout, usual.read),
            _chosen(write_timeout, writing) if body else None,
        )
        begun, status = perf_counter(), 0
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                self.date, status = answer.headers.get("Date", ""), answer.status
                return status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}") from None
        finally:
            called("file" if "/file/" in url else urlsplit(url).path.rpartition("/")[2], status, begun)


def proxy(root: str) -> str | None:
    """Find the proxy that the environment names for an address; aiohttp would look in a thread each time."""
    parts = urlsplit(root)
    named = getproxies()
    found = named.get(parts.scheme) or named.get("all")
    return None if found is None or proxy_bypass(parts.netloc) else found


def _chosen(given: ODVInput[float], usual: float) -> float | None:
    return usual if isinstance(given, DefaultValue) else given


def _timeout(
    pool: float | None, connect: float | None, read: float | None, write: float | None
) -> aiohttp.ClientTimeout:
    """Limit each step; aiohttp times no writing, so where something is written the whole has a limit."""
    joining = None if pool is None or connect is None else pool + connect
    whole = None if joining is None or read is None or write is None else joining + write + read
    return aiohttp.ClientTimeout(total=whole, connect=joining, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> tuple[bytes | None, Mapping[str, str]]:
    """Write the parameters down as a form, with files as multipart; aiohttp's own writer is slower."""
    if data is None:
        return None, {}
    if not data.contains_files:
        form = "application/x-www-form-urlencoded"
        return urlencode(data.json_parameters).encode(), {"Content-Type": form}
    boundary = token_hex(16)
    parts = [
        _part(boundary, f'name="{_quoted(name)}"', value.encode())
        for name, value in data.json_parameters.items()
    ]
    for name, (filename, content, media_type) in data.multipart_data.items():
        told = f'name="{_quoted(name)}"; filename="{_quoted(filename)}"\r\nContent-Type: {media_type}'
        parts.append(_part(boundary, told, content if isinstance(content, bytes) else content.read()))
    whole = b"".join((*parts, f"--{boundary}--\r\n".encode()))
    return whole, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def _part(boundary: str, told: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {told}\r\n\r\n"
    return b"".join((head.encode(), content, b"\r\n"))


def _quoted(text: str) -> str:
    return text.translate(_ESCAPED)
