"""`make bench`: everything that docs/benchmarks.md says, measured anew; or the parts named as arguments."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from benchmarks import (
    encoders,
    faults,
    gate,
    npm,
    plain,
    random_styles,
    random_tables,
    render,
    sizes,
    slack,
    styled,
    telegram,
)

PYPI = (
    "segno", "qrcode", "qrcodegen", "zxing-cpp", "zint-bindings", "pillow", "resvg-py",
    "opencv-contrib-python-headless", "numpy", "isal",
    "python-telegram-bot", "slack-bolt", "fastapi",
)  # fmt: skip


def _random() -> Iterator[str]:
    outcomes = list(random_styles.every(range(random_styles.COUNT)))
    yield from random_tables.table(outcomes)


def _reading() -> Iterator[str]:
    if find_spec("benchmarks.reading") is None:
        yield "Not here yet."
        return
    yield from import_module("benchmarks.reading").table()


PARTS: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "plain": ("Text to PNG, ours read back", plain.table),
    "styled": ("Styled, with a logo, proven from pixels", styled.table),
    "floor": ("Our PNG writer beside the compression of its own lines", styled.floor),
    "gate": ("The gate alone", gate.table),
    "encoders": ("Text to modules, times ours", encoders.table),
    "sizes": ("Size of symbols over 300 payloads", sizes.table),
    "random": ("Ten thousand random looks and contents", _random),
    "reading": ("Damaged pictures", _reading),
    "faults": ("Killed, cut off, poisoned", faults.table),
    "telegram": ("Telegram: from an update to its picture", telegram.table),
    "render": ("HTTP: a proven picture for a request", render.table),
    "slack": ("Slack: from a command to its acknowledgement", slack.table),
}


def _versions() -> str:
    found = []
    for name in PYPI:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"without {name}")
    if npm.start() is not None:
        found += [f"npm {name} {number}" for name, number in npm.versions().items()]
    return ", ".join(found)


def main() -> None:
    """Print where this runs, then the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; without any, all")
    parts = parser.parse_args().parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    warnings.simplefilter("ignore")  # the peers' own
    cpus = os.cpu_count()
    print(f"{platform.python_implementation()} {platform.python_version()}, {cpus} cores. {_versions()}.")
    print("Medians of seven interleaved rounds; no text is drawn twice.")
    for part in parts:
        title, lines = PARTS[part]
        print(f"\n## {title}\n")
        for line in lines():
            print(line, flush=True)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
