"""The four faces as people meet them: each visitor does what a step says and gives what is seen."""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pexpect
import zxingcpp

from bot.commands import COMMANDS
from bot.qr.style import presets
from tests.fakes import FakeSlack, FakeTelegram
from tests.fakes.drawn import qr
from tests.fakes.outside import decode
from tests.fakes.slack import Acknowledged, Channel
from tests.fakes.slack import Person as Member
from tests.fakes.telegram import Chat, Message, Person
from tests.journeys.seen import Action, Fill, Press, Say, Seen, Send, Show

ENOUGH = "Make it now"  # under the offer of a form whose needed values are all there
PATIENCE = 20.0  # seconds before what is not seen counts as missing
LABELS = {param.arg.help for command in COMMANDS.values() for param in command.params}
PROMPT = (
    rf"\n(qr> |(?:{'|'.join(map(re.escape, LABELS))})[^\n]*: )\Z"  # the shell's own, or a form's question
)


def label_of(command: str, name: str) -> str:
    """Give the words by which a form asks for a value."""
    param = COMMANDS[command].param(name)
    assert param is not None, f"{command} has no {name}"
    return param.arg.help


# Telegram shows the short label of a button where many stand beside each other.
WHOLE = {"☆": "☆ Favourite", "★": "★ Unfavourite"}
WHOLE |= {str(number): f"{number}. {name}" for number, name in enumerate(presets(), 1)}
NUMBERS = count(1)  # of files that are kept
SHORT = {whole: short for short, whole in WHOLE.items()}


# --- Telegram -----------------------------------------------------------------------------------------------


@dataclass
class OnTelegram:
    """A person in their private chat with the bot."""

    tg: FakeTelegram
    person: Person
    chat: Chat
    before: set[Hashable] = field(default_factory=set)

    async def does(self, action: Action) -> None:
        """Type, press, send, or answer question after question."""
        standing = self.tg.replies(self.chat)
        fresh = [message for message in standing if _state(message) not in self.before]
        self.before = set(map(_state, standing))
        match action:
            case Say(text):
                self.tg.says(self.person, self.chat, text)
            case Press(label):
                pressed = [message for message in (*standing, *fresh) if label in _labels(message)][-1]
                self.tg.presses(self.person, pressed, SHORT.get(label, label))
            case Show(says):
                self.tg.sends_photo(self.person, self.chat, qr(says))
            case Send(words, data):
                self.tg.sends_photo(self.person, self.chat, data, words)
            case Fill(command, values):
                await self._answer({label_of(command, name): value for name, value in values.items()})

    async def _answer(self, values: Mapping[str, str]) -> None:
        """Answer what is asked, until nothing we have an answer for is."""
        waiting = dict(values)
        while (asked := self._asked(waiting)) and (value := waiting.pop(asked)):
            standing = len(self.tg.replies(self.chat))
            self.before = {_state(message) for message in self.tg.replies(self.chat)}
            self.tg.says(self.person, self.chat, value)
            await self.tg.until(partial(self._more, standing), PATIENCE)
        last = self.tg.replies(self.chat)[-1]
        if ENOUGH in _labels(last):
            self.before = set(map(_state, self.tg.replies(self.chat)))
            self.tg.presses(self.person, last, ENOUGH)

    def _more(self, standing: int) -> bool:
        return len(self.tg.replies(self.chat)) > standing

    def _asked(self, waiting: Iterable[str]) -> str:
        last = self.tg.replies(self.chat)[-1].text.casefold()
        return next((label for label in waiting if f"{label.casefold()}?" in last), "")

    async def seen(self, enough: Callable[[Seen], bool]) -> Seen:
        """Give what came or was changed."""

        def now() -> Seen:
            fresh = [m for m in self.tg.replies(self.chat) if _state(m) not in self.before]
            return sum(map(self._read, fresh), Seen())

        with suppress(AssertionError):  # the step says what is missing
            await self.tg.until(lambda: enough(now()), PATIENCE)
        return now()

    def _read(self, message: Message) -> Seen:
        kinds = (message.media.media_type,) if message.media else ()
        pictures = (message.media.shown(),) if message.media and message.photo else ()
        codes = tuple(self.tg.decode(message))
        return Seen(message.text + message.caption, codes, tuple(_labels(message)), kinds, pictures)


def _labels(message: Message) -> list[str]:
    return [WHOLE.get(label, label) for row in message.buttons for label, _ in row]


def _state(message: Message) -> Hashable:
    return (
        message.id,
        message.text,
        message.caption,
        repr(message.buttons),
        message.media and message.media.data,
    )


# --- Slack --------------------------------------------------------------------------------------------------


@dataclass
class OnSlack:
    """A member who types `/qr …` in a channel, and reads there and in the direct messages."""

    slack: FakeSlack
    person: Member
    channel: Channel
    before: set[Hashable] = field(default_factory=set)
    answer: str = ""  # what the call itself was answered with: errors at the fields of a form

    async def does(self, action: Action) -> None:
        """Type, press, send, or fill in the modal."""
        standing = self._standing()
        fresh = [each for each in standing if self._state(each) not in self.before]
        self.before, self.answer = set(map(self._state, standing)), ""
        self.slack.views.clear() if not isinstance(action, Fill) else None
        match action:
            case Say(text):
                done = await self.slack.command(self.person, self.channel, text)
            case Press(label):
                pressed = [each for each in (*standing, *fresh) if label in each.labels()][-1]
                done = await self.slack.press(self.person, pressed, label)
            case Show(says):
                done = await self._send("", qr(says))
            case Send(
                words, data
            ):  # a slash would be a command of Slack's own, to which no file can be added
                done = await self._send(words.removeprefix("/"), data)
            case Fill(_, values):
                done = await self.slack.submit(self.person, **values)
        assert done.status == 200
        self.answer = repr(done.body)

    async def _send(self, words: str, data: bytes) -> Acknowledged:
        file = self.slack.file(self.person, "code.png", data)
        return await self.slack.say(self.person, self.slack.dm(self.person), words, files=[file])

    def _standing(self) -> list[Any]:
        places = (self.channel, self.slack.dm(self.person))
        return sorted(
            (each for place in places for each in self.slack.visible(place, self.person)),
            key=lambda message: message.ts.partition(".")[2],
        )

    def _state(self, message: Any) -> Hashable:
        return message.ts, message.text, repr(message.blocks)

    async def seen(self, enough: Callable[[Seen], bool]) -> Seen:
        """Give what came or was changed, and the modal that stands open."""

        def now() -> Seen:
            fresh = [each for each in self._standing() if self._state(each) not in self.before]
            return sum(map(_read_slack, fresh), Seen(self.answer + self._modal()))

        with suppress(AssertionError):  # the step says what is missing
            await self.slack.until(lambda: enough(now()), PATIENCE)
        return now()

    def _modal(self) -> str:
        mine = [view for view in self.slack.views.values() if view.person is self.person]
        return repr(mine[-1].payload["blocks"]) if mine else ""


def _read_slack(message: Any) -> Seen:
    kinds = tuple(file.media_type for file in message.files)
    files = tuple(file.data for file in message.files if file.media_type == "image/png")
    pictures = (*files, *message.pictures.values())
    words, codes = f"{message.text}\n{message.words()}", tuple(message.decode())
    return Seen(words, codes, tuple(message.labels()), kinds, pictures)


# --- the web chat -------------------------------------------------------------------------------------------


@dataclass
class OnTheWeb:
    """A guest, whose browser keeps a cookie."""

    http: aiohttp.ClientSession
    url: str
    replies: list[dict[str, Any]] = field(default_factory=list)

    async def does(self, action: Action) -> None:
        """Send what the page would send."""
        match action:
            case Say(text):
                await self._post(json={"text": text})
            case Press(label):
                lines = [
                    button["line"]
                    for reply in self.replies
                    for row in reply["buttons"]
                    for button in row
                    if button["label"] == label
                ]
                await self._post(json={"press": lines[-1]})
            case Show(says):
                await self._post(data=_form(qr(says)))
            case Send(words, data):
                await self._post(data=_form(data, words))
            case Fill(command, values):
                known = self.replies[-1]["form"]["values"]
                await self._post(json={"command": command, "values": {**known, **values}})

    async def _post(self, **body: Any) -> None:
        async with self.http.post(f"{self.url}/chat/say", **body) as answer:
            assert answer.status == 200, await answer.text()
            self.replies.append(await answer.json())

    async def seen(self, enough: Callable[[Seen], bool]) -> Seen:
        """Give the answer."""
        reply = self.replies[-1]
        words = [
            reply["title"],
            reply["body"],
            *(f"{each['label']}: {each['value']}" for each in reply["fields"]),
        ]
        if reply["form"]:
            words += [reply["form"]["title"]]
            words += [f"{each['label']} {each['error']}" for each in reply["form"]["questions"]]
        addresses = [reply["picture"]["src"]] if reply["picture"] else []
        addresses += [file["href"] for file in reply["files"]]
        data = [
            (address[5:].partition(";")[0], b64decode(address.partition(",")[2])) for address in addresses
        ]
        codes = tuple(dict.fromkeys(code for _, each in data for code in decode(each)))
        labels = tuple(button["label"] for row in reply["buttons"] for button in row)
        pictures = tuple(each for kind, each in data if kind == "image/png")
        return Seen("\n".join(words), codes, labels, tuple(kind for kind, _ in data), pictures)


def _form(data: bytes, words: str = "") -> aiohttp.FormData:
    """Lay out a file, and words that go with it, as the page does."""
    form = aiohttp.FormData()
    form.add_field("file", data, filename="code.png", content_type="image/png")
    if words:
        form.add_field("text", words)
    return form


# --- the console --------------------------------------------------------------------------------------------


@dataclass
class InTheConsole:
    """An operator at `qr-gen repl`, on a real terminal of 200 columns."""

    child: pexpect.spawn[str]
    folder: Path
    told: str = ""
    saved: bytes = b""  # a file that was offered, and kept
    labels: dict[str, str] = field(default_factory=dict)  # to the number that presses it

    async def does(self, action: Action) -> None:
        """Type a line, a button's number, or the answers to the prompts; keep the file that a press gives."""
        self.saved = b""
        match action:
            case Say(text):
                await self._type(text)
            case Press(label):
                await self._type(self.labels[label])
                await self._keep()
            case Show(says):
                path = self.folder / "code.png"
                path.write_bytes(qr(says))
                await self._type(f"read {path}")
            case Send(words, data):
                path = self.folder / "picture.png"
                path.write_bytes(data)
                await self._type(f"{words} {path}")
            case Fill(command, values):
                labels = {label_of(command, name): value for name, value in values.items()}
                for _ in COMMANDS[command].params:
                    asked = self.told.splitlines()[-1]
                    if asked == "qr> ":
                        break
                    answer = next((value for label, value in labels.items() if asked.startswith(label)), "")
                    await self._type(f"\x15{answer}" if answer else "")  # Ctrl-U: what stands there goes

    @property
    def waits(self) -> bool:
        """Tell whether it waits for a line, and asks nothing."""
        return self.child.isalive() and self.told.endswith("qr> ")

    async def _keep(self) -> None:
        offered = re.search(r"^File: (\S+) \(to keep it, type: save PATH\)", self.told, re.MULTILINE)
        if offered is not None:
            told, path = self.told, self.folder / f"{next(NUMBERS)}-{offered[1]}"
            await self._type(f"save {path}")
            self.told, self.saved = told, path.read_bytes()

    async def _type(self, line: str) -> None:
        """Type a line and read until the next prompt: the shell's own, or a form's question."""
        await asyncio.gather(  # reading while typing: what is echoed would fill the terminal's buffer
            asyncio.to_thread(self.child.sendline, line),
            asyncio.to_thread(self.child.expect, PROMPT, timeout=PATIENCE),
        )
        told = plain(str(self.child.before or "") + str(self.child.after or ""))
        typed = line.removeprefix("\x15")
        self.told = told.rpartition(f"{typed}\n")[2] if typed else told  # without the echo of what was typed
        numbers = re.findall(r"\[(\d+)\] (.+?)(?= {3}|\s*$)", self.told, re.MULTILINE)
        self.labels = {label: number for number, label in numbers} or self.labels

    async def seen(self, enough: Callable[[Seen], bool]) -> Seen:
        """Give what the terminal shows."""
        codes = dict.fromkeys((*half_blocks(self.told), *decode(self.saved)))
        return Seen(self.told, tuple(codes), tuple(self.labels))


def plain(told: str) -> str:
    """Leave out what moves the cursor and colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told).replace("\r", "")


def half_blocks(told: str) -> list[str]:
    """Read the code that is drawn in half blocks, light as ink."""
    ink = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    lines = [line for line in told.splitlines() if len(line) > 20 and set(line) <= set(ink) and line.strip()]
    if not lines:
        return []
    rows = [[ink[each][half] for each in line.ljust(len(lines[0]))] for line in lines for half in (0, 1)]
    grey = np.array(rows, np.uint8) * 255
    picture = np.pad(grey.repeat(6, 0).repeat(6, 1), 12, constant_values=255)
    return [code.text for code in zxingcpp.read_barcodes(picture)]
