"""Who may import whom: the table of docs/architecture.md, held against the imports themselves."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "storage")
ROOTS = {
    "bot.__main__",
    "bot.processes",
    "bot.platforms",
    "bot.assembly",
    "bot.backup",
    "bot.doctor",
}  # put all together; nobody else imports them
SDKS = {
    "adapters.telegram": {"aiohttp", "telegram"},
    "adapters.slack": {"slack_bolt", "slack_sdk", "aiohttp"},
    "adapters.web": {"fastapi", "pydantic", "starlette"},
    "adapters.console": {"prompt_toolkit", "rich"},
    "bot.qr": {
        "Crypto",
        "PIL",
        "bidi",
        "cv2",
        "icalendar",
        "idna",
        "isal",
        "numpy",
        "phonenumbers",
        "pillow_heif",
        "publicsuffixlist",
        "pypdfium2",
        "reportlab",
        "segno",
        "stdnum",
        "uharfbuzz",
        "zxingcpp",
    },
    "bot": {
        "alembic",
        "apscheduler",
        "argon2",
        "asyncpg",
        "jwt",
        "limits",
        "pgqueuer",
        "prometheus_client",
        "pydantic",
        "pydantic_settings",
        "redis",
        "sentry_sdk",
        "typer",
        "zxcvbn",
    },
    "storage": {"aiosqlite", "alembic", "asyncpg", "cryptography", "pgqueuer", "redis", "sqlalchemy"},
}
EVERYWHERE = {"structlog"}
LINES, FUNCTION = 300, 45

pytestmark = pytest.mark.no_cover  # reads the code, and runs none of it


@cache
def modules() -> dict[str, Path]:
    """Map every module of ours to its file."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files
        if "versions" not in path.parts
    }


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Name what a file imports, with the name it takes where that is a module of ours."""
    return tuple(_imports(parsed(path)))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else node.module


def room(module: str) -> str:
    """Name the room a module belongs to."""
    if module in ROOTS:
        return "root"
    found = re.match(r"adapters\.\w+|bot\.qr|bot\.commands|bot|storage|adapters", module)
    assert found, module
    return found[0]


def allowed(module: str, imported: str) -> bool:
    """Say what the table says."""
    here, there = room(module), room(imported)
    if here == "root":
        return True
    if there == "root":
        return False
    if here in ("storage", "bot.qr"):
        return there == here
    if there == "storage":
        return here == "bot" or imported in (
            "storage.account",
            "storage.changes",
            "storage.faults",
            "storage.operations",
            "storage.own",
            "storage.records",
            "storage.url",
        )
    if here.startswith("adapters."):
        return there in (here, "bot", "bot.qr", "bot.commands")
    return there in ("bot", "bot.qr", "bot.commands") and not (here == "bot" and there == "bot.commands")


def test_a_module_imports_only_what_its_room_may() -> None:
    """Of ours."""
    wrong = [
        (module, each)
        for module, path in modules().items()
        for each in imports(path)
        if each.partition(".")[0] in PACKAGES and not allowed(module, each)
    ]
    assert wrong == []


def test_each_library_is_known_to_one_room() -> None:
    """Of others: the core knows no chat SDK, no web framework and no SQL."""
    wrong = [
        (module, library)
        for module, path in modules().items()
        if (here := room(module)) != "root"
        for library in {each.partition(".")[0] for each in imports(path)} - set(PACKAGES)
        if library not in known(here)
    ]
    assert wrong == []


def known(here: str) -> set[str]:
    """Name the libraries that a room may know."""
    own = SDKS.get(here, SDKS["bot"] if here == "bot.commands" else set())
    return own | EVERYWHERE | set(sys.stdlib_module_names)


def test_a_file_and_its_functions_are_small() -> None:
    """What is larger wants splitting along a real seam."""
    assert [name for name, path in modules().items() if len(path.read_text().splitlines()) > LINES] == []
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, path in modules().items()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno + 1 - documented(node) > FUNCTION
    ]
    assert long == []


def documented(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's docstring."""
    return len((ast.get_docstring(node) or "").splitlines())


def test_nothing_happens_when_a_module_is_imported() -> None:
    """At the top of a module stand definitions, and no calls but of what makes a constant or a logger."""
    done = [
        f"{name}:{node.lineno}"
        for name, path in modules().items()
        if name != "storage.migrations.env"  # Alembic runs it
        for node in parsed(path).body
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ]
    assert done == []
