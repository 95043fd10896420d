"""What the pages of docs/ say, and where they stand in the site, is what is there."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import LargeBinary

from bot.qr.proof.conditions import CONDITIONS
from bot.qr.proof.ladder import RED, SPARE
from storage.tables import metadata
from tests.project.outside import REPOSITORY, on_page_markdown

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WORDS, FILLED_IN = 10, 0.4  # characters that no common word has; part of a sentence that others may fill in
PAGES = {path.name for path in DOCS.glob("*.md")}


def page(name: str) -> str:
    """Read a page."""
    return (DOCS / name).read_text()


def navigated(entry: Any) -> list[str]:
    """List the pages of a part of the navigation, in its order."""
    if isinstance(entry, str):
        return [entry]
    inner = entry.values() if isinstance(entry, dict) else entry
    return [name for each in inner for name in navigated(each)]


def test_each_page_stands_once_in_the_navigation() -> None:
    """A new page is found."""
    named = navigated(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    assert sorted(named) == sorted(PAGES)


def test_what_lies_outside_is_a_link_to_the_repository() -> None:
    """With its heading; what lies in docs/ stays as it is."""
    shown = on_page_markdown("[a](../README.md#b) [c](d.md) ![e](f.png) [g](https://h)")
    assert shown == f"[a]({REPOSITORY}/README.md#b) [c](d.md) ![e](f.png) [g](https://h)"
    project = (ROOT / "pyproject.toml").read_text()
    assert f'"{REPOSITORY}/CHANGELOG.md"' in project


def test_the_conditions_are_those_of_the_ladder() -> None:
    """Each with its points, which are 100 with red light and unused error correction."""
    rows = re.findall(r"^\| (.+?) \| (\d+) \| \| (.+?) \| (\d+) \|$", page("proof.md"), re.M)
    shown = {row[at]: int(row[at + 1]) for row in rows for at in (0, 2)}
    assert shown == {str(each.label): each.weight for each in CONDITIONS}
    assert sum(shown.values()) + RED + SPARE == 100


def test_what_is_sealed_is_said_of_each_table() -> None:
    """And of no other."""
    rows = re.findall(r"^\| `(\w+)` \| ([a-z_, ]+) \| ", page("security.md"), re.M)
    sealed = {
        name: [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
        for name, table in metadata.tables.items()
    }
    assert {name: columns.split(", ") for name, columns in rows} == {
        name: columns for name, columns in sealed.items() if columns
    }


# --- troubleshooting ----------------------------------------------------------------------------------------


@cache
def sentences() -> tuple[str, ...]:
    """Gather what the code may say, the longest first."""
    found = {
        node.value.strip()
        for package in ("bot", "adapters", "storage")
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    found.update(
        name.upper() for name in re.findall(r"^    (\w+): ", (ROOT / "bot/config.py").read_text(), re.M)
    )
    return tuple(sorted((each for each in found if len(each) >= WORDS), key=len, reverse=True))


SPANS = re.findall(r"`([^`\n]+)`", page("troubleshooting.md"))
QUOTED = [each for each in SPANS if each.count(" ") > 1 and not each.startswith("pip ")]


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_sentence_that_is_quoted_is_one_that_the_code_says(quoted: str) -> None:
    """All of it but what is filled in."""
    rest = quoted
    for each in sentences():
        rest = rest.replace(each, " ")
    assert len(re.sub(r"\W", "", rest)) < FILLED_IN * len(quoted), rest
