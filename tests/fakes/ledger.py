"""What both fakes share: the ledger of calls, faults on demand, a clock that can be moved, a free port.

Not a platform: rules about messages live in ``telegram`` and ``slack``.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from aiohttp import web

JSON = dict[str, Any]
Cut = Literal["", "before", "after"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """A file as it came in a multipart body."""

    name: str
    data: bytes
    media_type: str


@dataclass(slots=True, eq=False)
class Call:
    """One request of the bot's, in the order in which they came.

    ``fields``: query, form and JSON merged, JSON text in fields decoded. ``at``: seconds of the monotonic
    clock. ``answered``: the HTTP status; 0 when the connection was cut; None while it is being worked on.
    """

    method: str
    fields: JSON
    files: dict[str, Part] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)
    chat_id: int | str | None = None
    answered: int | None = None
    result: Any = None  # the answer's body
    retry_after: int = 0  # seconds, with a 429
    fault: Fault | None = None  # what the test asked for instead of a proper answer

    @property
    def refused(self) -> bool:
        """Tell whether a rule of the platform, not a fault that a test asked for, said no."""
        if self.fault is not None or not self.answered:
            return False
        return self.answered >= 400 or (isinstance(self.result, dict) and self.result.get("ok") is False)


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call goes wrong.

    ``cut`` "after": it is done, then the connection is reset; "before": it is not done.
    """

    status: int = 200
    retry_after: int = 0
    cut: Cut = ""
    slow: float = 0.0  # seconds before anything happens
    html: bool = False  # a proxy's page instead of JSON


@dataclass(slots=True)
class _Planned:
    """A fault that waits for its calls."""

    fault: Fault
    method: str
    times: int
    chat_id: int | str | None


@dataclass(frozen=True, slots=True)
class _Mix:
    """Faults drawn at random, the same for the same seed and order of calls."""

    draw: random.Random
    shares: tuple[tuple[float, Fault], ...]
    methods: Collection[str] | None

    def next(self, method: str) -> Fault | None:
        """Draw for one call; long polls are spared unless named."""
        if (method not in self.methods) if self.methods is not None else method == "getUpdates":
            return None
        point = self.draw.random()
        for share, fault in self.shares:
            if point < share:
                return fault
            point -= share
        return None


class Ledger:
    """Every call with its answer, and the faults and the clock that a test plays with."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.broken: list[BaseException] = []  # faults of the fake itself; leaving the fake raises the first
        self._changed = asyncio.Event()
        self._planned: list[_Planned] = []
        self._mix: _Mix | None = None
        self._ahead = 0.0

    # --- the clock -------------------------------------------------------------------------------------

    def now(self) -> float:
        """Tell the platform's time, in Unix seconds."""
        return time.time() + self._ahead

    def later(self, seconds: float) -> None:
        """Move the platform's clock forward, for whatever expires."""
        self._ahead += seconds
        self.noted()

    # --- waiting ---------------------------------------------------------------------------------------

    def noted(self) -> None:
        """Wake everybody who waits for something to happen here."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], T | None], timeout: float = 10.0, what: str = "") -> T:
        """Wait until the condition gives something true, and return that.

        Looks again at each event, never at intervals. Raises AssertionError after ``timeout`` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (met := condition()):
                    await self._changed.wait()
                return met
        except TimeoutError:
            seen = Counter(f"{call.method} → {call.answered}" for call in self.calls)
            waited = what or getattr(condition, "__name__", "the condition")
            raise AssertionError(f"{waited} did not come within {timeout} s; seen: {dict(seen)}") from None

    async def wait_for(
        self, method: str, n: int = 1, timeout: float = 10.0, *, arrived: bool = False
    ) -> list[Call]:
        """Wait for ``n`` calls of a method and return all there are.

        Counts those that were answered or cut; with ``arrived`` also those still held (a long poll).
        """

        def enough() -> list[Call]:
            found = [c for c in self.calls if c.method == method and (arrived or c.answered is not None)]
            return found if len(found) >= n else []

        return await self.until(enough, timeout, f"{n} × {method}")

    @property
    def refused(self) -> list[Call]:
        """The calls that the platform's rules refused; a test that expects none asserts that it is empty."""
        return [call for call in self.calls if call.refused]

    # --- faults ----------------------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        times: int = 1,
        *,
        status: int = 200,
        retry_after: int = 0,
        cut: Cut = "",
        slow: float = 0.0,
        html: bool = False,
        chat_id: int | str | None = None,
    ) -> None:
        """Let the next calls of a method go wrong: an error's status, a reset connection, a late answer.

        ``retry_after``: seconds, for 429. ``slow``: seconds. ``chat_id``: only calls about that chat.
        """
        fault = Fault(status, retry_after, cut, slow, html)
        self._planned.append(_Planned(fault, method, times, chat_id))

    def mended(self) -> None:
        """Let nothing go wrong any more that ``fail`` planned."""
        self._planned.clear()

    def faults(
        self,
        seed: int,
        *,
        p502: float = 0.0,
        p429: float = 0.0,
        cut_before: float = 0.0,
        cut_after: float = 0.0,
        retry_after: int = 1,
        methods: Collection[str] | None = None,
    ) -> None:
        """Let these shares of all later calls go wrong, drawn from ``seed``; all zero ends it.

        ``methods``: which; None is every method but the long poll.
        """
        shares = (
            (p502, Fault(502, html=True)),
            (p429, Fault(429, retry_after)),
            (cut_before, Fault(cut="before")),
            (cut_after, Fault(cut="after")),
        )
        self._mix = _Mix(random.Random(seed), shares, methods)

    def _fault_for(self, call: Call) -> Fault | None:
        for planned in self._planned:
            if planned.method == call.method and planned.chat_id in (None, call.chat_id):
                planned.times -= 1
                if planned.times <= 0:
                    self._planned.remove(planned)
                return planned.fault
        return self._mix.next(call.method) if self._mix else None

    # --- answering -------------------------------------------------------------------------------------

    async def answer(
        self,
        request: web.Request,
        call: Call,
        work: Callable[[], Awaitable[web.Response]],
        error: Callable[[Fault], web.Response],
    ) -> web.Response:
        """Enter the call in the ledger and answer it, or do to it what a test asked for."""
        self.calls.append(call)
        self.noted()
        fault = call.fault = self._fault_for(call)
        response = web.Response()
        try:
            if fault is not None and fault.slow:
                await asyncio.sleep(fault.slow)
            if fault is None or (fault.cut != "before" and fault.status == 200):
                response = await work()
            elif fault.cut != "before":
                response, call.retry_after = error(fault), fault.retry_after
        except Exception as bug:
            self.broken.append(bug)
            response = web.Response(status=500, text=f"the fake itself failed: {bug!r}")
        cut = fault is not None and bool(fault.cut)
        if cut:
            reset(request)
        call.answered = 0 if cut else response.status
        self.noted()
        return response

    def raise_if_broken(self) -> None:
        """Raise what went wrong inside the fake itself, so that no test passes by it."""
        if self.broken:
            raise AssertionError("the fake itself failed") from self.broken[0]


def impatient(calls: Collection[Call]) -> list[Call]:
    """Find the calls about a chat that came before the seconds of its last 429 had passed."""
    held: dict[int | str | None, float] = {}
    early = []
    for call in calls:
        if call.at < held.get(call.chat_id, 0.0):
            early.append(call)
        if call.answered == 429:
            held[call.chat_id] = call.at + call.retry_after
    return early


def reset(request: web.Request) -> None:
    """Reset the connection under a request: the other side sees no answer."""
    transport = request.transport
    if transport is not None:
        linger = struct.pack("ii", 1, 0)  # on, no time: RST instead of FIN
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """Serve on a free port of the loopback interface; gives the address, without a slash at its end."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
