"""pyproject.toml, poetry.lock and the pinned lists agree, read offline and without Poetry."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import packages_distributions
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK: dict[str, Any] = tomllib.loads((ROOT / "poetry.lock").read_text())
OURS = ("bot", "adapters", "storage")
LISTS = {
    "runtime": {"main"},
    "build": {"build"},
    "dev": {"main", "build", "dev"},
    "bench": {"bench"},
    "audit": {"audit"},
    "docs": {"docs"},
}

# 3.11.0 beside 3.11.9: some packages are needed only below 3.11.3.
PYTHONS = ("3.11.0", "3.11.9", "3.12.0", "3.13.0", "3.14.0")
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
MACHINES = [
    {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "sys_platform": platform,
        "platform_system": system,
        "os_name": name,
    }
    for python, (platform, system, name) in product(PYTHONS, SYSTEMS)
]


@dataclass(frozen=True, slots=True)
class Pin:
    """One package at one version, with every SHA-256 that may be installed for it."""

    name: str
    version: str
    hashes: frozenset[str]


def listed(name: str) -> list[Pin]:
    """Read the pins of requirements/`name`.txt; anything that is not a pin with hashes raises ValueError."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    return [pin(line) for line in text.splitlines()]


def pin(line: str) -> Pin:
    """Read one line of a pinned list, as `poetry export` writes it."""
    requirement, *hashes = line.split(" --hash=")
    found = re.match(r"([a-z0-9.-]+)==([^ ;]+) ", requirement)
    if found is None or not hashes:
        raise ValueError(f"not a pin with hashes: {line[:80]}")
    return Pin(found[1], found[2], frozenset(word.strip() for word in hashes))


def locked(groups: set[str]) -> list[Pin]:
    """Return what the lock holds for any of these dependency groups; what only an extra brings is in none."""
    return [
        Pin(package["name"], package["version"], frozenset(file["hash"] for file in package["files"]))
        for package in LOCK["package"]
        if groups & (set(package["groups"]) - ({"main"} if by_extra(package) else set()))
    ]


def by_extra(package: dict[str, Any]) -> bool:
    """Tell whether only an extra of ours brings a package to those who run it."""
    markers = package.get("markers", "")
    return "extra ==" in (markers.get("main", "") if isinstance(markers, dict) else markers)


def content_hash(pyproject: dict[str, Any]) -> str:
    """Return what Poetry (since 2.3) writes as `content-hash` into a lock made from this pyproject.toml."""
    project, tool = pyproject["project"], pyproject["tool"]["poetry"]
    project_keys = ("requires-python", "dependencies", "optional-dependencies")
    tool_keys = ("dependencies", "source", "extras", "dev-dependencies", "group")
    content = {
        "project": {key: project[key] for key in project_keys if key in project},
        "dependency-groups": pyproject["dependency-groups"],
        "tool": {"poetry": {key: tool[key] for key in tool_keys if key in tool}},
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def declared() -> Iterator[Requirement]:
    """Yield every requirement that pyproject.toml states: to run, to build, to work on it."""
    groups = PYPROJECT["dependency-groups"].values()
    for texts in (PYPROJECT["project"]["dependencies"], PYPROJECT["build-system"]["requires"], *groups):
        yield from map(Requirement, texts)


@cache
def applies(marker: str, extra: str) -> bool:
    """Whether some machine that we support meets this marker, where `extra` was asked for."""
    condition = Marker(marker)
    return any(condition.evaluate({**machine, "extra": extra}) for machine in MACHINES)


def needs(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a locked package asks for on any supported machine, each with its extras."""
    for package in LOCK["package"]:
        if package["name"] != name:
            continue
        for needed, wish in package.get("dependencies", {}).items():
            for form in wish if isinstance(wish, list) else [wish]:
                table = {"version": form} if isinstance(form, str) else form
                marker = table.get("markers", "python_version > '3'")
                if any(applies(marker, extra) for extra in extras | {""}):
                    yield canonicalize_name(needed), frozenset(table.get("extras", ()))


def closure(requirements: list[Requirement]) -> set[str]:
    """Return the names of these requirements and of all they lead to in the lock."""
    waiting: list[tuple[str, frozenset[str]]]
    waiting = [(canonicalize_name(wish.name), frozenset(wish.extras)) for wish in requirements]
    reached = set()
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(needs(*node))
    return {name for name, _ in reached}


def imported(file: Path) -> set[str]:
    """Return the top-level names that a module imports, but for the standard library's and ours."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - set(OURS)


def test_the_lock_was_made_from_this_pyproject() -> None:
    """A requirement edited without `make lock` is noticed."""
    assert LOCK["metadata"]["content-hash"] == content_hash(PYPROJECT), "run: make lock"
    assert LOCK["metadata"]["python-versions"] == PYPROJECT["project"]["requires-python"]


@pytest.mark.parametrize("name", LISTS)
def test_a_pinned_list_is_its_part_of_the_lock(name: str) -> None:
    """Each list holds the locked versions with all their hashes, each once, and nothing more."""

    def order(one: Pin) -> tuple[str, str]:
        return one.name, one.version

    assert sorted(listed(name), key=order) == sorted(locked(LISTS[name]), key=order), "run: make lock"


def test_the_runtime_list_is_what_the_dependencies_lead_to() -> None:
    """`make run` installs the closure of [project.dependencies]: no gap, no stowaway."""
    wanted = closure([Requirement(text) for text in PYPROJECT["project"]["dependencies"]])
    assert {one.name for one in listed("runtime")} == wanted


def test_the_product_imports_nothing_that_only_the_tools_bring() -> None:
    """What `make test` finds installed is there after `make run` too."""
    installed = {one.name for one in listed("runtime")}
    homes = packages_distributions()
    late = {"bot/sentry.py: sentry_sdk"}  # an extra, loaded where SENTRY_DSN is set
    missing = {
        f"{file.relative_to(ROOT)}: {name}"
        for package in OURS
        for file in (ROOT / package).rglob("*.py")
        for name in imported(file)
        if not installed & {canonicalize_name(home) for home in homes.get(name, ())}
    }
    assert missing - late == set()


def test_every_declared_requirement_is_met_by_what_is_locked() -> None:
    """The locked version of everything that pyproject.toml names lies in the range it gives."""
    versions: dict[str, list[str]] = {}
    for one in locked(set().union(*LISTS.values())):
        versions.setdefault(one.name, []).append(one.version)
    unmet = [
        str(wish)
        for wish in declared()
        if not all(map(wish.specifier.contains, versions.get(canonicalize_name(wish.name), ["0"])))
    ]
    assert unmet == []


def test_no_file_says_where_packages_come_from() -> None:
    """The index is the machine's affair: no source in the lock, no option or address in a set-up file."""
    assert [package["name"] for package in LOCK["package"] if "source" in package] == []
    names = ("Makefile", "pyproject.toml", "poetry.lock", "debian-packages.txt", ".pre-commit-config.yaml")
    files = [ROOT / name for name in names]
    for folder in ("requirements", ".ci", ".github/workflows"):
        files.extend((ROOT / folder).iterdir())
    telling = re.compile(
        r"index-url|find-links|trusted-host|https?://\S*/simple\b|tool\.poetry\.source", re.I
    )
    found = {file.name: telling.findall(file.read_text()) for file in files}
    assert {name: words for name, words in found.items() if words} == {}
