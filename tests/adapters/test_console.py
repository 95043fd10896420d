"""The console face: replies as text, the shell on a terminal and as a filter, and the socket between."""

import asyncio
import io
import os
import re
import stat
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console.parse import Door, door_of, load_line, request_of
from adapters.console.prompts import History, Words, holds_secret
from adapters.console.render import text, visible
from adapters.console.shell import run
from adapters.console.socket import LINE, Unusable, connect, listen
from bot.app import App
from bot.command import Arg, Command, command
from bot.i18n import Translator
from bot.message import Asking, Button, Entry, Field, File, Form, Outcome, Question, Reply, Request, Status
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, Rendered, render
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT
from bot.wire import dump_reply

T = Translator()
PICTURE = Picture(payload_of("https://example.com"), DEFAULT, name="example")
FORM = Form(
    "wifi", "Join a network", (Question("ssid", "Network name"), Question("key", "Key", Entry.SECRET))
)
ASKS = Reply(title="Join a network", form=FORM, status=Status.INCOMPLETE)


@command("wifi", group="make")
async def wifi(
    context: object,
    ssid: Annotated[str, Arg("network name")],
    key: Annotated[str, Arg("network key", secret=True)] = "",
    hidden: Annotated[bool, Arg("not announced")] = False,
) -> Outcome:
    """Make a code that joins a network."""
    return Outcome(None)


COMMANDS: dict[str, Command] = {"wifi": wifi}


@dataclass
class Core:
    """Stands in for the core: keeps what was asked, and answers each in turn (the last one for ever)."""

    replies: list[Reply] = field(default_factory=lambda: [Reply(body="fine")])
    error: Exception | None = None
    asked: list[Request] = field(default_factory=list)
    unread: Refused | None = None  # why no picture reads back

    async def handle(self, request: Request) -> Reply | None:
        """Give the next reply."""
        self.asked.append(request)
        if self.error is not None:
            raise self.error
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @property
    def door(self) -> Door:
        """Open the door to it."""
        return door_of(cast(App, self), "ada", self.draw)

    async def draw(self, picture: Picture) -> Rendered:
        """Draw for real."""
        if self.unread is not None:
            raise self.unread
        return render(picture)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder of our own with a short path."""
    with tempfile.TemporaryDirectory(prefix="qr") as name:
        yield Path(name)


# --- replies as text ------------------------------------------------------------------------------------


@given(st.text(st.characters()))
def test_no_control_character_of_foreign_text_gets_through(foreign: str) -> None:
    """Whatever a reply holds, the terminal sees no C0, C1 or direction marks, and can encode it all."""
    reply = Reply(
        title=foreign, body=foreign, fields=(Field(foreign, foreign),), files=(File(foreign),),
        buttons=((Button(foreign, foreign or "x"), Button(foreign, url="u" + foreign)),),
        form=Form("wifi", foreign, (Question(foreign, foreign, error=foreign),)),
    )  # fmt: skip
    told = text(reply, T, 60)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", told)
    assert told.encode().decode() == told


def test_control_characters_are_shown_as_escapes() -> None:
    """An escape sequence becomes readable, plain letters of any script stay."""
    assert visible("\x1b[2J\x9b1m\u202eé🙂\nх") == "\\x1b[2J\\x9b1m\\u202eé🙂\nх"


def test_a_card_has_its_parts_in_order() -> None:
    """Title, body, aligned fields, file and numbered buttons; only lines to press have numbers."""
    reply = Reply(
        "Guest", "Scans.", (Field("Name", "Guest"), Field("Security", "WPA")), None, (File("a.csv"),),
        ((Button("SVG", "show svg"), Button("Open", url="https://a.b")), (Button("Delete", "rm"),)),
    )  # fmt: skip
    assert text(reply, T, 80) == (
        "Guest\n─────\n\nScans.\n\nName:     Guest\nSecurity: WPA\n\n"
        "File: a.csv (to keep it, type: save PATH)\n\n[1] SVG   Open: https://a.b\n[2] Delete"
    )


def test_text_folds_at_spaces_only() -> None:
    """No row is wider than asked, but an address stays whole."""
    address = "https://example.com/" + "x" * 60
    rows = text(Reply(body=f"{'word ' * 20}{address}"), T, 40).splitlines()
    assert address in rows
    assert all(len(row) <= 40 for row in rows if row != address)
    assert len(rows) > 3


def test_the_code_in_half_blocks_scans() -> None:
    """The drawn blocks, seen as pixels, read back to the payload."""
    rows = text(Reply(picture=PICTURE), T, 80).splitlines()
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    pixels = np.array([[halves[each][half] for each in row] for row in rows for half in (0, 1)], np.uint8)
    image = Image.fromarray(pixels).resize(
        (pixels.shape[1] * 8, pixels.shape[0] * 8), Image.Resampling.NEAREST
    )
    assert zxingcpp.read_barcodes(image)[0].text == "https://example.com"


def test_a_narrow_window_gets_a_sentence_in_place_of_a_broken_code() -> None:
    """A code that would be folded is not drawn."""
    told = text(Reply(picture=PICTURE), T, 20)
    assert "█" not in told
    assert "save" in told


# --- what the shell asks --------------------------------------------------------------------------------


def test_a_question_becomes_a_request() -> None:
    """Every shape gives the request it means, private, answered, with forms."""
    said = request_of({"text": "hello"}, "ada")
    assert (said.text, said.actor.key, said.space.key) == ("hello", "console:ada", "console:ada")
    assert (said.answered, said.asking, said.space.private) == (True, Asking.FORM, True)
    assert request_of({"text": "hello"}, "ada").id != said.id
    assert request_of({"press": "show"}, "ada").pressed
    filled = request_of({"command": "wifi", "values": {"ssid": "Guest"}}, "ada")
    assert (filled.command, filled.values) == ("wifi", {"ssid": "Guest"})
    sent = request_of({"uploads": [{"name": "a.png", "data": b64encode(b"123").decode()}]}, "ada")
    (file,) = sent.uploads
    assert (file.name, file.media_type, file.size, file.data) == ("a.png", "image/png", 3, b"123")
    assert (sent.text, request_of({"uploads": [], "text": "prove"}, "ada").text) == ("", "prove")


async def test_what_is_said_as_another_goes_in_their_name() -> None:
    """From “as” with an account to “as” alone; a refusal changes nothing, and “as soon” is a text."""
    no = Reply(body="no", status=Status.REFUSED)
    core = Core([Reply(), Reply(), no, Reply(), Reply(), Reply()])
    assert (await pipe(core, "/as slack:T1:U2\nhello\nas telegram:1\n/history\nas\nas soon\n"))[0] == 1
    assert [(asked.text, asked.actor.key, asked.space.key, asked.operator) for asked in core.asked] == [
        ("/as slack:T1:U2", "console:ada", "console:ada", ""),
        ("hello", "slack:T1:U2", "slack:T1:U2", "console:ada"),
        ("/as telegram:1", "console:ada", "console:ada", ""),
        ("/history", "slack:T1:U2", "slack:T1:U2", "console:ada"),
        ("/as", "console:ada", "console:ada", ""),
        ("as soon", "console:ada", "console:ada", ""),
    ]


@pytest.mark.parametrize(
    "asked", [{}, {"text": 5}, {"uploads": [5]}, {"uploads": [{"name": "a", "data": "*"}]}]
)
async def test_what_is_no_question_gets_a_sentence(asked: dict[str, Any]) -> None:
    """The door answers nonsense with an error, and asks nobody."""
    core = Core()
    assert "did not understand" in (await core.door(asked))["error"]
    assert core.asked == []


# --- the shell as a filter ------------------------------------------------------------------------------


async def pipe(core: Core, lines: str) -> tuple[int, str]:
    """Run the shell on lines of input; give exit code and output."""
    out = io.StringIO()
    code = await run(
        core.door, COMMANDS, interactive=False, stdin=io.StringIO(lines), stdout=out, history=Path("unused")
    )
    return code, out.getvalue()


async def test_each_line_has_one_reply_and_success_is_zero() -> None:
    """Empty lines are passed over, a number is a text as well, the last line needs no end."""
    core = Core()
    assert await pipe(core, "one\n\n  \n1\n  two words ") == (0, "fine\n" * 3)
    assert [asked.text for asked in core.asked] == ["one", "1", "  two words "]


async def test_exit_ends_the_run() -> None:
    """What follows is not said."""
    core = Core()
    assert (await pipe(core, "one\nexit\ntwo\n"))[0] == 0
    assert len(core.asked) == 1


@pytest.mark.parametrize("status", [Status.REFUSED, Status.MISSING, Status.FAILED])
async def test_one_refusal_makes_the_code_one_and_the_rest_still_runs(status: Status) -> None:
    """The failing line does not stop the others."""
    core = Core([Reply(body="no", status=status), Reply(body="fine")])
    assert await pipe(core, "one\ntwo\n") == (1, "no\nfine\n")


async def test_a_form_is_a_failure_that_names_what_is_missing() -> None:
    """Nothing can be asked back in a pipe; the names of the missing values are told."""
    code, told = await pipe(Core([ASKS]), "/wifi\n")
    assert code == 1
    assert "ssid: Network name" in told
    assert "key: Key" in told


async def test_a_core_that_raises_is_told_without_its_words() -> None:
    """The person reads a sentence, not the error."""
    code, told = await pipe(Core(error=RuntimeError("hunter2")), "one\n")
    assert code == 1
    assert "Something went wrong" in told
    assert "hunter2" not in told


async def test_input_that_is_no_text_is_told_kindly() -> None:
    """Bytes that are not UTF-8 give a sentence and code 1; a narrow output encoding loses no run."""
    stdin = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n"), encoding="utf-8")
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="ascii")
    core = Core([Reply(body="é")])
    assert await run(core.door, {}, interactive=False, stdin=stdin, stdout=stdout, history=Path("x")) == 1
    assert b"not UTF-8" in raw.getvalue()
    stdin = io.TextIOWrapper(io.BytesIO(b"one\n"), encoding="utf-8")
    assert await run(core.door, {}, interactive=False, stdin=stdin, stdout=stdout, history=Path("x")) == 0
    assert raw.getvalue().endswith(b"?\n")


async def test_read_attaches_a_file_and_says_when_there_is_none(folder: Path) -> None:
    """The file's name and bytes arrive; a path without a file is a failure."""
    (folder / "a b.png").write_bytes(b"123")
    core = Core()
    assert (await pipe(core, f"read {folder}/a b.png\n"))[0] == 0
    assert (core.asked[0].uploads[0].name, core.asked[0].uploads[0].data) == ("a b.png", b"123")
    code, told = await pipe(core, f"read {folder}/none.png\n")
    assert (code, told) == (1, f"There is no file at {folder}/none.png.\n")
    assert len(core.asked) == 1


@pytest.mark.parametrize("word", ["prove", "logo"])
async def test_a_command_that_takes_a_file_gets_it(folder: Path, word: str) -> None:
    """With the word beside it, which says what the file is for; without a file the line is said."""
    (folder / "a b.png").write_bytes(b"123")
    core = Core()
    assert (await pipe(core, f"{word} {folder}/a b.png\n/{word.upper()} {folder}/a b.png\n"))[0] == 0
    assert [(asked.text, asked.uploads[0].data) for asked in core.asked] == [(word, b"123")] * 2
    core.asked.clear()
    assert (await pipe(core, f"{word} 7K3F9QXM2A\n{word}\n"))[0] == 0
    assert [(asked.text, asked.uploads) for asked in core.asked] == [(f"{word} 7K3F9QXM2A", ()), (word, ())]


async def test_a_picture_that_does_not_read_back_is_not_shown(folder: Path) -> None:
    """Nothing unproven leaves, here as elsewhere: a sentence takes its place, and nothing can be saved."""
    core = Core([Reply("A code", picture=PICTURE)], unread=Refused("This does not scan."))
    code, told = await pipe(core, f"x\nsave {folder}/a.png\n")
    assert code == 1
    assert "This does not scan." in told
    assert "█" not in told
    assert not (folder / "a.png").exists()


async def test_a_format_that_does_not_read_back_is_not_saved(folder: Path) -> None:
    """It is drawn and proven by the bot when it is saved."""
    core = Core([Reply("A code", picture=PICTURE)])
    answer = await core.door({"text": "x"})
    core.unread = Refused("This does not scan.")
    assert await core.door({"draw": answer["reply"]}) == {"error": "This does not scan."}
    assert "did not understand" in (await core.door({"draw": dump_reply(Reply("words"))}))["error"]
    assert len(core.asked) == 1


async def test_save_writes_the_last_picture_in_the_format_of_its_name(folder: Path) -> None:
    """The ending decides, a folder gets the picture's own name, an existing file is left alone."""
    core = Core([Reply(picture=PICTURE)])
    code, _ = await pipe(core, f"x\nsave {folder}/b.svg\nsave {folder}\n")
    assert code == 0
    assert b"<svg" in (folder / "b.svg").read_bytes()
    with Image.open(folder / "example.png") as image:
        assert zxingcpp.read_barcodes(image.convert("L"))[0].text == "https://example.com"
    before = (folder / "b.svg").read_bytes()
    code, told = await pipe(core, f"x\nsave {folder}/b.svg\n")
    assert code == 1
    assert "already" in told
    assert (folder / "b.svg").read_bytes() == before


async def test_save_writes_the_last_file_and_needs_one(folder: Path) -> None:
    """A file is written as it is; without anything to save there is a sentence."""
    core = Core([Reply(files=(File("../list.csv", text="a,é\r\n"),))])
    assert (await pipe(core, f"x\nsave {folder}\n"))[0] == 0
    assert (folder / "list.csv").read_bytes() == "a,é\r\n".encode()
    sheet = File("check.png", media_type="image/png", encoded=b64encode(b"\x89PNG").decode())
    assert (await pipe(Core([Reply(files=(sheet,))]), f"x\nsave {folder}/b.png\n"))[0] == 0
    assert (folder / "b.png").read_bytes() == b"\x89PNG"
    code, told = await pipe(core, f"save {folder}/c.csv\n")
    assert (code, told) == (1, "There is nothing to save yet. Make a code first.\n")
    assert (await pipe(core, f"x\nsave {folder}/no/such/place.csv\n"))[0] == 1


# --- the shell on a terminal ----------------------------------------------------------------------------


async def type_in(core: Core, keys: str, folder: Path) -> tuple[int, str]:
    """Type keys into the interactive shell; give exit code and what it showed."""
    out = io.StringIO()
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys)
        code = await run(
            core.door, COMMANDS, interactive=True, stdin=io.StringIO(), stdout=out, history=folder / "history"
        )
    return code, out.getvalue()


async def test_a_number_presses_that_button(folder: Path) -> None:
    """Numbers of the last reply's buttons press them; others are texts; Ctrl-D leaves with 0."""
    core = Core([Reply(buttons=((Button("SVG", "show svg"), Button("Open", url="https://a.b")),)), Reply()])
    code, told = await type_in(core, "hello\r1\r2\r\x04", folder)
    assert code == 0
    assert "[1] SVG" in told
    assert [(asked.text, asked.pressed) for asked in core.asked] == [
        ("hello", False),
        ("show svg", True),
        ("2", False),
    ]


async def test_a_form_is_prompted_question_by_question(folder: Path) -> None:
    """The answers come back as the command's values, and what was secret is in no history."""
    core = Core([ASKS, Reply(body="made")])
    code, told = await type_in(core, "/wifi\rGuest network\rhunter2\rexit\r", folder)
    assert code == 0
    assert "made" in told
    assert core.asked[1].command == "wifi"
    assert core.asked[1].values == {"ssid": "Guest network", "key": "hunter2"}
    assert "hunter2" not in (folder / "history").read_text()


async def test_only_what_is_wrong_is_asked_for_again(folder: Path) -> None:
    """With the reason before it; the other values stay."""
    key = Question("key", "Key", Entry.SECRET, error="A key has 8 characters.")
    asks = replace(FORM, questions=(FORM.questions[0], key), values={"ssid": "Guest", "key": "x"})
    core = Core([replace(ASKS, form=asks), Reply(body="made")])
    await type_in(core, "/wifi Guest x\rhunter22\rexit\r", folder)
    assert core.asked[1].values == {"ssid": "Guest", "key": "hunter22"}


async def test_cancel_leaves_a_form(folder: Path) -> None:
    """Said at any of its prompts, and the bot hears of it."""
    core = Core([ASKS, Reply(body="stopped")])
    _, told = await type_in(core, "/wifi\rGuest\r/cancel\rexit\r", folder)
    assert [asked.text for asked in core.asked] == ["/wifi", "/cancel"]
    assert "stopped" in told


async def test_ctrl_c_clears_the_line_and_leaves_a_form(folder: Path) -> None:
    """Neither ends the shell: half a line is dropped, a form is given up."""
    core = Core([ASKS, Reply(body="fine")])
    code, told = await type_in(core, "half\x03/wifi\rGuest\x03hello\rexit\r", folder)
    assert code == 0
    assert [asked.text for asked in core.asked] == ["/wifi", "hello"]
    assert "fine" in told


async def test_the_history_is_the_owners_alone_and_keeps_no_secret(folder: Path) -> None:
    """The file has mode 0600, also where it was there before, and lines with a key are left out."""
    (folder / "history").touch(mode=0o644)
    await type_in(Core(), "hello\r/wifi Guest hunter2\r/wifi key=hunter2\rexit\r", folder)
    assert stat.S_IMODE((folder / "history").stat().st_mode) == 0o600
    kept = (folder / "history").read_text()
    assert "hello" in kept
    assert "hunter2" not in kept
    assert "hello" in list(History(folder / "history", COMMANDS).load_history_strings())


@pytest.mark.parametrize(
    ("line", "secret"),
    [("/wifi Guest k", True), ("wifi Guest k", True), ("/wifi Guest", False), ("a", False)],
)
def test_a_line_with_a_secret_is_known(line: str, secret: bool) -> None:
    """Only a value of a secret parameter makes a line secret."""
    assert holds_secret(COMMANDS, line) is secret


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("wi", "wifi"),
        ("/wi", "/wifi"),
        ("/wifi hid", "/wifi hidden="),
        ("/wifi hidden=y", "/wifi hidden=yes"),
        ("sa", "save"),
    ],
)
def test_words_are_completed(typed: str, completed: str) -> None:
    """The first offer, put in its place, gives the whole line."""
    offer = next(iter(Words(COMMANDS).get_completions(Document(typed), CompleteEvent())))
    assert typed[: len(typed) + offer.start_position] + offer.text == completed


@pytest.mark.parametrize("word", ["read", "/save", "prove", "/logo"])
def test_paths_are_completed_after_words_that_take_a_file(folder: Path, word: str) -> None:
    """The file system is offered where a path goes."""
    (folder / "picture.png").touch()
    offers = Words(COMMANDS).get_completions(Document(f"{word} {folder}/pic"), CompleteEvent())
    assert [offer.text for offer in offers] == ["ture.png"]


# --- the socket -----------------------------------------------------------------------------------------


async def echo(asked: dict[str, Any]) -> dict[str, Any]:
    """Say back what was asked."""
    return {"reply": dump_reply(Reply(body=asked["text"]))}


@asynccontextmanager
async def raw(path: Path) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection without the client's manners."""
    reader, writer = await asyncio.open_unix_connection(path, limit=LINE)
    try:
        yield reader, writer
    finally:
        writer.close()


async def test_questions_and_answers_go_through_the_socket(folder: Path) -> None:
    """Many at once, long ones and line breaks included; socket and folder are the owner's alone."""
    path = folder / "run" / "console.sock"
    async with listen(path, echo):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        door = connect(path)
        texts = ["a", "two\nlines\u2028\r", "é" * 2_000_000]
        answers = await asyncio.gather(*(door({"text": each}) for each in texts))
        assert answers == [{"reply": dump_reply(Reply(body=each))} for each in texts]
    assert not path.exists()


async def test_nobody_listening_is_a_sentence(folder: Path) -> None:
    """A missing and a stale socket both say how to start the bot."""
    path = folder / "console.sock"
    assert "qr-gen serve" in (await connect(path)({"text": "a"}))["error"]


async def test_a_stale_socket_is_cleared_and_a_live_one_is_not(folder: Path) -> None:
    """What a crash left behind does not stop the next start; a second bot is refused."""
    path = folder / "console.sock"
    server = await asyncio.start_unix_server(lambda reader, writer: writer.close(), path)
    os.rename(path, folder / "kept")
    server.close()
    await server.wait_closed()
    os.rename(folder / "kept", path)
    async with listen(path, echo):
        with pytest.raises(Unusable, match="already"):
            async with listen(path, echo):
                pass
        assert (await connect(path)({"text": "a"}))["reply"]


def wide(folder: Path) -> Path:
    """Let others into the folder."""
    folder.chmod(0o755)
    return folder / "s"


def taken(folder: Path) -> Path:
    """Put a file where the socket goes."""
    (folder / "s").write_text("precious")
    return folder / "s"


@pytest.mark.parametrize(
    ("where", "why"),
    [(wide, "chmod 700"), (taken, "is a file"), (lambda folder: folder / ("x" * 120), "shorter path")],
)
async def test_an_unusable_place_is_refused_with_a_sentence(
    folder: Path, where: Callable[[Path], Path], why: str
) -> None:
    """Others' folders, other files and long paths are refused, and nothing is removed."""
    path = where(folder)
    before = path.exists()
    with pytest.raises(Unusable, match=why):
        async with listen(path, echo):
            pass
    assert path.exists() is before


async def test_nonsense_is_answered_and_the_connection_stays(folder: Path) -> None:
    """A line that is no JSON, and a door that raises, give errors; the next line is answered."""

    async def picky(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["text"] == "boom":
            raise RuntimeError("hunter2")
        return await echo(asked)

    async with listen(folder / "s", picky), raw(folder / "s") as (reader, writer):
        writer.write(b"nonsense\n[]\n" + b"[" * 100_000 + b'\n{"text": "boom"}\n{"text": "a"}\n')
        answers = [load_line(await reader.readline()) for _ in range(5)]
    assert ["error" in answer for answer in answers] == [True, True, True, True, False]
    assert "hunter2" not in str(answers)


async def test_an_endless_line_is_cut_off(folder: Path) -> None:
    """More than a line may hold closes that connection, and others go on."""
    async with listen(folder / "s", echo):
        async with raw(folder / "s") as (reader, writer):
            writer.write(b"x" * (LINE + 2**20))
            with suppress(ConnectionResetError):  # how the other end hangs up depends on what it had read
                assert await reader.read() == b""
        assert (await connect(folder / "s")({"text": "a"}))["reply"]
        assert "10 MB" in (await connect(folder / "s")({"text": "x" * LINE}))["error"]


async def test_closing_does_not_wait_for_who_stays_connected(folder: Path) -> None:
    """A console left open, or a question in work, does not keep the bot from stopping."""
    started = asyncio.Event()

    async def endless(asked: dict[str, Any]) -> dict[str, Any]:
        started.set()
        await asyncio.Event().wait()
        return {}

    async with listen(folder / "s", endless):
        waiting = asyncio.ensure_future(connect(folder / "s")({"text": "a"}))
        await started.wait()
    assert "hung up" in (await waiting)["error"]


async def test_the_shell_works_through_the_socket(folder: Path) -> None:
    """A reply with everything in it arrives whole, and so do the bytes of its picture."""
    core = Core([Reply("Title", "Body", (Field("a", "b"),), PICTURE, status=Status.OK)])
    out = io.StringIO()
    async with listen(folder / "s", core.door):
        code = await run(
            connect(folder / "s"), COMMANDS, interactive=False,
            stdin=io.StringIO(f"hello\nsave {folder}/a.png\n"), stdout=out, history=folder / "h",
        )  # fmt: skip
    assert code == 0
    assert "Title" in out.getvalue()
    assert "█" in out.getvalue()
    with Image.open(folder / "a.png") as image:
        assert zxingcpp.read_barcodes(image.convert("L"))[0].text == "https://example.com"
