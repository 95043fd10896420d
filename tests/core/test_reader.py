"""Files are read in processes of their own: what takes too much is refused, and the next file is read."""

import asyncio
import os
import signal
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from bot import reader_child
from bot.qr.reading import read_picture
from bot.qr.refusal import Refused
from bot.reader import Limits, reading

PATIENCE = 20.0  # seconds that something which must happen may take on a busy machine

linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes in /proc")


def code(text: str) -> bytes:
    """Draw a code."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    out = BytesIO()
    Image.fromarray(np.array(made.to_image(scale=4))).save(out, "PNG")
    return out.getvalue()


def pdf(*contents: bytes) -> bytes:
    """Make a PDF of one page; the first content can draw the second as ``/F Do``, that one the third …"""
    pages = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    box = b"/Resources<</XObject<</F %d 0 R>>>>"
    objects = [*pages, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 4 0 R" + box % 5 + b">>"]
    for number, content in enumerate(contents, 4):
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 500 500]" + box % (number + 1) if number > 4 else b""
        head = b"<<%b/Length %d>>stream\n" % (form, len(content))
        objects.append(head + content + b"\nendstream")
    return (
        b"%PDF-1.7\n"
        + b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
        + b"trailer<</Root 1 0 R>>"
    )


def endless() -> bytes:
    """Make a kilobyte that takes PDFium a minute and more."""
    return pdf(*(b"/F Do " * 20,) * 4, b"0 0 400 400 re f")


def bomb() -> bytes:
    """Make a PDF with a picture of 49 megapixels in it."""
    pixels = zlib.compress(bytes(7_000 * 7_000 * 3), 9)
    head = b"<</Type/XObject/Subtype/Image/Width 7000/Height 7000/BitsPerComponent 8/ColorSpace/DeviceRGB"
    picture = b"5 0 obj\n%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
    start, end = pdf(b"500 0 0 500 0 0 cm /F Do").split(b"trailer")
    return start + picture % (head, len(pixels), pixels) + b"trailer" + end


def children() -> list[int]:
    """Give the processes of ours that read."""
    found = []
    for pid in (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()):
        with suppress(OSError):
            status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if (
                int(status[1]) == os.getpid()
                and b"bot.reader_child" in Path(f"/proc/{pid}/cmdline").read_bytes()
            ):
                found.append(pid)
    return found


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that must happen."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_file_is_read_as_if_it_were_read_here() -> None:
    """Texts, bytes, corners and all; several files, one after the other and at once."""
    files = [code(text) for text in ("one", "größe", "a\x00b")]
    async with reading() as read:
        assert [await read(data) for data in files] == [read_picture(data) for data in files]
        assert await asyncio.gather(*map(read, files)) == [read_picture(data) for data in files]


@pytest.mark.parametrize("data", [b"no picture", b"%PDF-1.7 torn", b"x" * 10_000_001])
async def test_what_is_refused_there_is_refused_here(data: bytes) -> None:
    """With the same sentence, values and field, so that it is translated; and the child reads on."""
    with pytest.raises(Refused) as here:
        read_picture(data)
    async with reading(Limits(children=1)) as read:
        with pytest.raises(Refused) as there:
            await read(data)
        for name in ("template", "values", "field", "args"):
            assert getattr(there.value, name) == getattr(here.value, name)
        assert (await read(code("next")))[0].text == "next"


@linux
async def test_a_file_that_takes_too_long_is_refused_and_its_process_killed() -> None:
    """A kilobyte can keep PDFium busy for minutes; the next file is read by a fresh process."""
    async with reading(Limits(children=1, seconds=0.5)) as read:
        with pytest.raises(Refused, match="too long to read"):
            await read(endless())
    assert children() == []
    async with reading(Limits(children=1, seconds=5)) as read:
        assert (await read(code("next")))[0].text == "next"


@linux
async def test_a_file_that_takes_too_much_memory_is_refused() -> None:
    """Whether the decoder says so or falls over."""
    whole = BytesIO()
    Image.new("RGB", (4_900, 5_000)).save(whole, "PNG")
    async with reading(Limits(children=1, memory=50_000_000)) as read:
        for data in (whole.getvalue(), bomb()):
            with pytest.raises(Refused):
                await read(data)
            assert (await read(code("next")))[0].text == "next"


async def test_no_more_files_wait_than_may() -> None:
    """The next is refused at once, and asked for again later."""
    async with reading(Limits(children=1, waiting=2)) as read:
        files = [code(str(number)) for number in range(6)]
        answers = await asyncio.gather(*map(read, files), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert [str(each) for each in refused] == [
            "Many people are sending me pictures just now. Please try again in a minute."
        ] * 3
        assert (await read(files[5]))[0].text == "5"


@linux
async def test_children_start_with_a_file_and_end_with_the_context() -> None:
    """Never more than allowed."""
    async with reading(Limits(children=2)) as read:
        assert children() == []
        await asyncio.gather(*(read(code(str(number))) for number in range(6)))
        assert 1 <= len(children()) <= 2
    assert children() == []


@linux
async def test_files_that_are_being_read_when_the_context_ends_are_refused() -> None:
    """And their processes killed."""
    async with reading(Limits(children=1)) as read:
        await read(code("first"))
        work = asyncio.ensure_future(read(endless()))
        await asyncio.sleep(0.1)
    assert children() == []
    with pytest.raises(Refused, match="could not read"):
        await work


@linux
async def test_a_child_without_work_ends() -> None:
    """And another starts when there is work again."""
    async with reading(Limits(children=1, idle=0.05)) as read:
        await read(code("first"))
        await until(lambda: not children())
        assert (await read(code("second")))[0].text == "second"


@linux
async def test_a_child_that_was_killed_is_replaced() -> None:
    """Between two files nobody notices; while it reads, the file is refused."""
    async with reading(Limits(children=1)) as read:
        await read(code("first"))
        os.kill(children()[0], signal.SIGKILL)
        await until(lambda: not children())
        assert (await read(code("second")))[0].text == "second"
        work = asyncio.ensure_future(read(endless()))
        await asyncio.sleep(0.1)
        os.kill(children()[0], signal.SIGKILL)
        with pytest.raises(Refused, match="could not read"):
            await work
        assert (await read(code("third")))[0].text == "third"


@linux
async def test_a_reading_that_nobody_waits_for_any_more_is_stopped() -> None:
    """Its answer must not be taken for the next file's."""
    async with reading(Limits(children=1)) as read:
        await read(code("first"))
        [before] = children()
        work = asyncio.ensure_future(read(endless()))
        await asyncio.sleep(0.1)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert (await read(code("second")))[0].text == "second"
        assert before not in children()


@linux
async def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets next to nothing of our environment, and gives way to us."""
    monkeypatch.setenv("SECRET_KEY", "hush")
    async with reading(Limits(children=1)) as read:
        await read(code("first"))
        [child] = children()
        assert b"hush" not in Path(f"/proc/{child}/environ").read_bytes()
        nice = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[16]
        assert int(nice) > 0


def test_a_fault_of_ours_is_named_by_place_never_by_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error's text can hold what a code says."""

    def broken(data: bytes) -> AsyncIterator[None]:
        raise ValueError("WIFI:P:secret;;")

    monkeypatch.setattr(reader_child, "read_in_steps", broken)
    [message] = reader_child._messages(b"")
    assert message["failed"].startswith("ValueError at ")
    assert "secret" not in str(message)


PARENT = """
import asyncio, sys
from bot.reader import reading
async def main():
    async with reading() as read:
        await read(open(sys.argv[1], "rb").read())
        print("read", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@linux
async def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """By SIGKILL, too: their pipe closes."""
    (tmp_path / "code.png").write_bytes(code("orphan"))
    command = [sys.executable, "-c", PARENT, str(tmp_path / "code.png")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert await asyncio.to_thread(parent.stdout.readline) == b"read\n"
        [child] = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        parent.kill()
    await until(lambda: not alive(child))


def alive(pid: str) -> bool:
    """Tell whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@linux
async def test_the_slow_reader_is_stopped_in_time_and_takes_nothing_away() -> None:
    """WeChat's takes a minute for noise: what is then known, nothing, is the answer, and no refusal."""
    pytest.importorskip("cv2")
    noise = np.random.default_rng(18004).integers(0, 255, (700, 700), dtype=np.uint8)
    out = BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    async with reading(Limits(children=1, last=0.01)) as read:
        assert await read(out.getvalue()) == ()
        await until(lambda: not children())  # it was killed, not kept
