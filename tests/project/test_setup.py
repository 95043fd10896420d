"""The set-up files keep what the outside relies on: make targets, CI, hooks, processes, the wheel."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from poetry.core.masonry import api

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TARGETS = (
    *(
        "run",
        "install",
        "system",
        "check",
        "fix",
        "test",
        "test-full",
        "audit",
        "bench",
        "lock",
        "dist",
        "sbom",
    ),
    *("site", "clean", "help"),
)
PROCESSES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


def workflows() -> dict[str, Any]:
    """Return every workflow by its file's name."""
    folder = ROOT / ".github" / "workflows"
    return {file.name: yaml.safe_load(file.read_text()) for file in folder.iterdir()}


def commands(heading: str) -> list[str]:
    """Return the lines of the fenced blocks below one second-level heading of README.md."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", (ROOT / "README.md").read_text(), re.M | re.S)
    assert section, f"README.md has no section «{heading}»"
    blocks = re.findall(r"^```\w*\n(.*?)^```", section[1], re.M | re.S)
    return [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]


def test_make_alone_lists_every_target() -> None:
    """`make` prints help, which names each target that people rely on, with its one line."""
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    lines = dict(re.findall(r"^ +make (\S+) +(\S.*)$", shown, re.M))
    assert [name for name in TARGETS if not lines.get(name)] == []


def test_the_readme_starts_and_tests_it_by_make() -> None:
    """Somebody new copies these commands from README.md."""
    assert "make run" in commands("Try it")
    assert "make test" in commands("Tests")


def test_ci_runs_the_readmes_test_command() -> None:
    """.ci/run brings the Debian packages, then does exactly what README.md tells people to do."""
    script = ROOT / ".ci" / "run"
    steps = re.findall(r"^step (make .+)$", script.read_text(), re.M)
    assert os.access(script, os.X_OK)
    assert steps == ["make system", "make test"]
    assert steps[-1] in commands("Tests")


def test_pre_commit_runs_the_five_locked_tools() -> None:
    """The hooks are the tools of .venv, so that a hook and `make check` cannot disagree."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [source["repo"] for source in config["repos"]] == ["local"]
    programs = {shlex.split(hook["entry"])[0] for hook in config["repos"][0]["hooks"]}
    assert programs == {f".venv/bin/{tool}" for tool in ("black", "isort", "mypy", "ruff", "cz")}
    assert set(config["default_install_hook_types"]) == {"pre-commit", "commit-msg"}


def test_ci_tries_every_python_that_the_package_claims() -> None:
    """Matrix, classifiers, `requires-python` and .python-version tell one story."""
    matrix = workflows()["ci.yml"]["jobs"]["test"]["strategy"]["matrix"]
    prefix = "Programming Language :: Python :: 3."
    claimed = [words.split(" :: ")[-1] for words in PROJECT["classifiers"] if words.startswith(prefix)]
    assert matrix["python"] == claimed
    assert matrix["database"] == ["sqlite", "postgresql"]
    accepted = SpecifierSet(PROJECT["requires-python"])
    assert [minor for minor in ("3.10", *claimed) if minor in accepted] == claimed
    assert (ROOT / ".python-version").read_text().strip() in claimed


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_of_the_procfile_is_a_command_of_ours(process: str) -> None:
    """What a platform starts exists: its help is printed."""
    python, *arguments = shlex.split(PROCESSES[process])
    assert python == "python"
    done = subprocess.run(
        [sys.executable, *arguments, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_each_debian_package_says_what_it_is_for() -> None:
    """`make system` reads one name a line; people read the reason beside it."""
    lines = (ROOT / "debian-packages.txt").read_text().splitlines()
    entries = [line for line in lines if not line.startswith("#")]
    assert [line for line in entries if not re.fullmatch(r"[a-z0-9.+-]+(:[a-z]+)? +# \S.*", line)] == []
    assert entries == sorted(entries)


def test_the_wheel_holds_every_file_of_the_three_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catalogues, the chat page and migrations travel with the code, and `qr-gen` is its command."""
    monkeypatch.chdir(ROOT)
    wheel = ZipFile(tmp_path / api.build_wheel(str(tmp_path)))
    ours = {
        file.relative_to(ROOT).as_posix()
        for package in ("bot", "adapters", "storage")
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    held = set(wheel.namelist())
    assert {name for name in held if ".dist-info/" not in name} == ours
    entry_points = next(name for name in held if name.endswith("entry_points.txt"))
    assert "qr-gen=bot.__main__:main" in wheel.read(entry_points).decode()
