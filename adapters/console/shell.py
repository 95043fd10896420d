"""The admin's shell: lines to the door, replies to the screen; prompts on a terminal, else a filter."""

from __future__ import annotations

import asyncio
import re
import shutil
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from adapters.console.parse import Door
from adapters.console.prompts import CANCEL, History, Words, fill, prompt
from adapters.console.render import line, pressable, text, visible
from bot.command import Command
from bot.i18n import Translator
from bot.message import Reply, Status
from bot.qr.output import OUTPUT
from bot.wire import dump_reply, load_reply

FILE_LIMIT = 10 * 1024 * 1024  # bytes of a file to read
_OWN = re.compile(r"/?(read|save|prove|logo)\s+(\S.*?)\s*", re.IGNORECASE)
_AS = re.compile(r"/?as(?:\s+(\S+:\S+))?", re.IGNORECASE)
_EITHER = ("prove", "logo")  # words that take a file, or something else
_FORMATS = {output.extension: name for name, output in OUTPUT.items()} | {name: name for name in OUTPUT}
_UNFOLDED = 1_000_000  # columns where no terminal folds the text


class _Trouble(Exception):
    """A sentence about something the person can mend, such as a path."""


@dataclass(slots=True)
class Shell:
    """One conversation: where it goes and is shown, and the reply that numbers and ``save`` mean.

    ``acting``: the account in whose name all is said, if it is another's.
    """

    door: Door
    stdout: TextIO
    t: Translator
    interactive: bool
    last: Reply = field(default_factory=Reply)
    acting: str = ""

    def tell(self, told: str) -> None:
        """Show a text; characters the terminal has no bytes for become question marks."""
        encoding = self.stdout.encoding or "utf-8"
        print(told.encode(encoding, "replace").decode(encoding), file=self.stdout, flush=True)


async def run(
    door: Door,
    commands: Mapping[str, Command],
    *,
    interactive: bool,
    stdin: TextIO,
    stdout: TextIO,
    history: Path,
    t: Translator = Translator(),  # noqa: B008 - frozen, and English
) -> int:
    """Talk until the end of input or ``exit``; gives the exit code, 0 when all succeeded.

    ``interactive``: prompts on the terminal, with completion and ``history``, and always 0. Else each line of
    ``stdin`` is a command with one reply, and one that fails or lacks values makes the code 1.
    """
    shell = Shell(door, stdout, t, interactive)
    if interactive:
        return await _talk(
            shell, PromptSession(history=History(history, commands), completer=Words(commands))
        )
    return await _filter(shell, stdin)


async def _talk(shell: Shell, session: PromptSession[str]) -> int:
    shell.tell(shell.t("Type a text or a command; “help” lists what I can do, “exit” leaves."))
    with patch_stdout(raw=True):
        while True:
            try:
                typed = await session.prompt_async(prompt(shell.acting))
                if typed.strip().lower() in ("exit", "/exit"):
                    return 0
                await _say(shell, typed)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return 0


async def _filter(shell: Shell, stdin: TextIO) -> int:
    failed = False
    try:
        while typed := await asyncio.to_thread(stdin.readline):
            if typed.strip().lower() in ("exit", "/exit"):
                break
            failed |= not await _say(shell, typed.rstrip("\r\n"))
    except UnicodeDecodeError:
        shell.tell(shell.t("This input is not UTF-8 text."))
        failed = True
    except BrokenPipeError:
        failed = True
    return int(failed)


async def _say(shell: Shell, typed: str) -> bool:
    """Do what one line asks for and show what came of it; tells whether it succeeded."""
    if not typed.strip():
        return True
    try:
        acting = _AS.fullmatch(typed.strip())
        if acting:
            return await _act(shell, acting[1] or "")
        own = _OWN.fullmatch(typed.strip())
        if own and own[1].lower() == "save":
            await _save(shell, _path(own[2]))
            return True
        reply = await _reply(shell, await _asked(shell, typed, own), shell.acting)
        while reply.form is not None and shell.interactive:
            _show(shell, replace(reply, form=None, buttons=()))
            values = await fill(reply.form, shell.t)
            filled = {"command": reply.form.command, "values": values}
            reply = await _reply(shell, {"text": CANCEL} if values is None else filled, shell.acting)
    except _Trouble as trouble:
        shell.tell(visible(str(trouble)))
        return False
    _show(shell, reply)
    shell.last = reply
    return reply.status is Status.OK and reply.form is None


async def _act(shell: Shell, account: str) -> bool:
    """Say everything in somebody's name from now on, or in the operator's own again."""
    reply = await _reply(shell, {"text": f"/as {account}".rstrip()})
    well = reply.status is Status.OK
    if well:
        shell.acting, shell.last = account, Reply()  # what had numbers was another's
    _show(shell, reply)
    return well


def _show(shell: Shell, reply: Reply) -> None:
    width = shutil.get_terminal_size().columns if shell.interactive else _UNFOLDED
    said = reply if shell.interactive else replace(reply, buttons=())
    told = text(said, shell.t, width, coloured=shell.interactive)
    if told:
        shell.tell(told + ("\n" if shell.interactive else ""))


async def _reply(shell: Shell, asked: dict[str, Any], acting: str = "") -> Reply:
    answer = await shell.door(asked | ({"as": acting} if acting else {}))
    if "reply" not in answer:
        raise _Trouble(shell.t(str(answer.get("error", ""))))
    reply = load_reply(answer["reply"])
    if reply.language:
        shell.t = Translator(reply.language)
    return reply


async def _asked(shell: Shell, typed: str, own: re.Match[str] | None) -> dict[str, Any]:
    """Say what a line means at the door: a file to read, a button's number on a terminal, else the line."""
    word = own[1].lower() if own else ""
    if own and (word not in _EITHER or await asyncio.to_thread(_is_file, _path(own[2]))):
        text = word if word in _EITHER else ""
        return {"uploads": [await asyncio.to_thread(_upload, _path(own[2]), shell.t)], "text": text}
    number, buttons = typed.strip(), pressable(shell.last)
    if shell.interactive and re.fullmatch(r"[0-9]{1,3}", number) and 1 <= int(number) <= len(buttons):
        return {"press": buttons[int(number) - 1].line}
    return {"text": typed}


# --- files --------------------------------------------------------------------------------------------------


def _path(typed: str) -> Path:
    try:
        return Path(typed).expanduser()
    except RuntimeError:  # "~nobody"
        return Path(typed)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # longer than a name may be
        return False


def _upload(path: Path, t: Translator) -> dict[str, str]:
    try:
        if not path.is_file():
            raise _Trouble(t("There is no file at {path}.", path=path))
        if path.stat().st_size > FILE_LIMIT:
            raise _Trouble(t("{path} is larger than 10 MB.", path=path))
        return {"name": path.name, "data": b64encode(path.read_bytes()).decode()}
    except OSError as error:
        raise _Trouble(t("I cannot read {path}: {why}.", path=path, why=error.strerror)) from None


async def _save(shell: Shell, path: Path) -> None:
    """Write the last reply's picture or file; the ending chooses a picture's format. Never overwrites."""
    try:
        data, name = await _bytes(shell, path)
        target = path / Path(name).name if await asyncio.to_thread(path.is_dir) else path
        await asyncio.to_thread(_write, target, data)
    except FileExistsError:
        raise _Trouble(
            shell.t("There is a file at {path} already. Choose another name.", path=path)
        ) from None
    except OSError as error:
        raise _Trouble(shell.t("I cannot write {path}: {why}.", path=path, why=error.strerror)) from None
    shell.tell(shell.t("Saved: {path}", path=line(str(target))))


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)


async def _bytes(shell: Shell, path: Path) -> tuple[bytes, str]:
    """Give the bytes to write, and the name for them where the path is a folder."""
    reply, t = shell.last, shell.t
    file = next(iter(reply.files), None)
    picture = reply.picture or (file.picture if file else None)
    if picture is not None:
        whole = picture.format not in OUTPUT  # a sheet, or a slip, is nothing else
        format = picture.format if whole else _FORMATS.get(path.suffix.lower().lstrip("."), picture.format)
        wanted = Reply(picture=replace(picture, format=format), language=reply.language)
        answer = await shell.door({"draw": dump_reply(wanted)})
        if "data" not in answer:
            raise _Trouble(t(str(answer.get("error", ""))))
        return b64decode(answer["data"]), f"{picture.name}.{answer['extension']}"
    if file is not None:
        return file.data, file.name
    raise _Trouble(t("There is nothing to save yet. Make a code first."))
