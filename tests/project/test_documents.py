"""What README, manifest and changelog say is what the code has."""

import re
from pathlib import Path

import pytest

from adapters.slack.scopes import SCOPES
from bot.commands import COMMANDS
from bot.i18n import LANGUAGES
from bot.looks import read_look
from bot.qr.payloads import KINDS
from bot.qr.shapes.eyes import EYEBALL_NAMES, FINDER_NAMES
from bot.qr.shapes.frames import FRAME_NAMES
from bot.qr.shapes.modules import MODULE_NAMES
from bot.qr.style import parse_style, presets
from tests.project.reference import written

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
NAMES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md")
DOCUMENTS = [ROOT / name for name in NAMES]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))


def test_every_command_has_its_row_and_no_other() -> None:
    """In the order of the help."""
    section = README.partition("## What it understands")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", section, re.M)
    others = [name for name, command in COMMANDS.items() if not (command.hidden or command.kind)]
    assert rows == others
    assert all(name in section for name in LANGUAGES.values())


def _short(example: str) -> str:
    """Cut what is too long for a table, such as an invoice."""
    return example if len(example) <= 100 else example[:60] + "…"


def test_the_table_of_kinds_is_the_one_the_code_has() -> None:
    """Each kind's word, what it is, how it is said, in the order of the help."""
    section = README.partition("## What a code can say")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| `(.+)` \|$", section, re.M)
    kinds = {
        name: KINDS[command.kind] for name, command in COMMANDS.items() if command.kind and not command.of
    }
    assert rows == [(name, kind.label, _short(COMMANDS[name].example)) for name, kind in kinds.items()]


def test_the_words_of_looks_are_those_the_code_has() -> None:
    """Names in their order; each way of saying something is one that parses."""
    looks = (ROOT / "docs" / "looks.md").read_text()
    lists = dict(re.findall(r"^\*\*(.+?)\*\*: (.+)$", looks, re.M))
    names = {
        "Modules": MODULE_NAMES, "Finder patterns": FINDER_NAMES, "Eyeballs": EYEBALL_NAMES,
        "Frames": FRAME_NAMES, "Looks": tuple(presets()),
    }  # fmt: skip
    assert {key: tuple(re.findall("`(.+?)`", row)) for key, row in lists.items()} == names
    said = [each for row in re.findall(r"^\| (`.+?) \|", looks, re.M) for each in re.findall("`(.+?)`", row)]
    assert len(said) > 40
    for each in said:
        if each != "code …":
            read_look(each)
    shown = re.findall(r"[`']style (liquid.+?)`", README)
    assert shown
    assert [parse_style(each) for each in shown]


def test_commands_are_shown_as_they_parse() -> None:
    """Every example of a command is one that the command itself takes."""
    from bot.command import Ready, understand

    examples = [command.example for command in COMMANDS.values() if command.example]
    wrong = [each for each in examples if not isinstance(understand(COMMANDS, f"/{each}"), Ready)]
    assert examples
    assert wrong == []


@pytest.mark.parametrize(("place", "text"), written().items(), ids=lambda each: getattr(each, "name", ""))
def test_what_is_read_off_the_code_is_what_the_code_says(place: Path, text: str) -> None:
    """The API, kinds of content, settings. If not: make docs."""
    assert place.read_text() == text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    """Pictures too; links into the web are not followed."""
    links = re.findall(r"\]\(([^):\s]+)\)", document.read_text())
    assert [link for link in links if not _leads(document, link)] == []


def _leads(document: Path, link: str) -> bool:
    name, _, heading = link.partition("#")
    place = document.parent / name if name else document
    return place.exists() and (not heading or heading in _headings(place))


def _headings(place: Path) -> set[str]:
    """Name a document's headings as GitHub and MkDocs do in addresses."""
    said = re.findall(r"^#+ (.+)$", place.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in said}


def test_each_scope_stands_in_the_document_with_why_it_is_asked_for() -> None:
    """From the one list, in its order."""
    rows = re.findall(r"^\| `([a-z_:]+)` \| (.+) \|$", (ROOT / "docs" / "slack.md").read_text(), re.M)
    assert rows == list(SCOPES.items())
