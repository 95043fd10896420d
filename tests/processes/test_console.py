"""The console as an operator has it: a process on a terminal, beside a bot that runs."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from pexpect.fdpexpect import fdspawn

from tests.journeys.faces import half_blocks, plain
from tests.processes.running import Running, on_terminal, running
from tests.processes.test_postgresql import database

__all__ = ["database"]

PATIENCE = 30.0  # seconds before what is not shown counts as missing
SAID = "https://example.org/said-by-another"


@dataclass
class Terminal:
    """The keyboard and the screen."""

    child: fdspawn[str]

    async def typed(self, keys: str, until: str) -> str:
        """Type, read until a pattern is shown, and give what was shown, in colours."""
        await asyncio.gather(
            asyncio.to_thread(self.child.send, keys),
            asyncio.to_thread(self.child.expect, until, timeout=PATIENCE),
        )
        return str(self.child.before) + str(self.child.after)


async def journey(folder: Path, bot: Running, **settings: str) -> None:
    """Find somebody, speak as them, see their code, and find that written down."""
    url, body = f"{bot.url}/chat/say", {"text": "their secret"}
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as answer:
        assert answer.status == 200
    there = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "HOME": str(folder)}
    async with on_terminal(folder, "repl", **there, **settings) as (process, terminal):
        at = Terminal(fdspawn(terminal, encoding="utf-8"))
        await at.typed("", "qr>")
        await at.typed("/peo", "people")  # is offered
        await at.typed("\t", "(?<!o)ple")  # Tab writes the rest of the word
        listed = await at.typed("\r", r"web:\w+[\s\S]*qr>")
        assert "\x1b[1;36m" in listed  # its headings
        [account] = set(re.findall(r"web:\w+", plain(listed)))
        assert "their secret" not in listed
        await at.typed(f"as {account}\r", rf"goes\s+back\.[\s\S]*{account}")
        drawn = await at.typed(f"{SAID}\r", rf"▀[\s\S]*{account}")
        assert half_blocks(plain(drawn)) == [SAID]
        await at.typed("as\r", r"yourself\s+again\.[\s\S]*qr>")
        log = plain(await at.typed("/audit\r", r"Result[\s\S]*qr>"))
        told = re.findall(r"console:\w+ +(\w+) +(\S*) +(done|shown)", log)
        assert [row for row in told if row[0] == "qr"] == [("qr", account, "done")]
        assert {word for word, _, _ in told} == {"as", "qr", "people"}
        assert SAID not in log.partition("Result")[2]
        await asyncio.to_thread(at.child.send, "exit\r")
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_an_operator_at_a_terminal_beside_a_bot_on_sqlite(tmp_path: Path) -> None:
    """Through the socket of the bot that runs."""
    async with running(tmp_path) as bot:
        await journey(tmp_path, bot)


async def test_an_operator_at_a_terminal_beside_a_bot_on_postgresql(database: str, tmp_path: Path) -> None:
    """On the database itself."""
    settings = {"DATABASE_URL": database, "SECRET_KEY": base64.b64encode(bytes(range(32))).decode()}
    async with running(tmp_path, "web", **settings) as bot:
        await journey(tmp_path, bot, **settings)
