"""`qr-gen manifest slack`, as an operator types it: JSON to paste, or one line that says what is missing."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.slack.manifest import manifest
from bot.__main__ import cli

URL = "https://qr.example.com"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set, and this process's files are made as before."""
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    monkeypatch.chdir(tmp_path)


def typed(*words: str) -> tuple[int, str, str]:
    """Type it: exit code, output, errors."""
    done = CliRunner().invoke(cli, ["manifest", *words])
    return done.exit_code, done.stdout, done.stderr


def test_it_is_printed_for_either_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is the one given, else PUBLIC_URL; sockets need none."""
    assert json.loads(typed("slack", "--url", f"{URL}/")[1]) == manifest(URL)
    assert json.loads(typed("slack", "--socket")[1]) == manifest("", socket=True)
    assert json.loads(typed("slack", "--rotation", "--url", URL)[1]) == manifest(URL, rotation=True)
    monkeypatch.setenv("PUBLIC_URL", "https://other.example")
    assert json.loads(typed("slack")[1]) == manifest("https://other.example")
    assert json.loads(typed("slack", "--url", URL)[1]) == manifest(URL)


@pytest.mark.parametrize(
    "words",
    [
        ["slack"],
        ["slack", "--url", "http://qr.example.com"],
        ["slack", "--url", "qr.example.com"],
        ["slack", "--url", "https://user@qr.example.com"],
        ["slack", "--url", "https://"],
        ["slack", "--socket", "--url", "ftp://x"],
        ["telegram", "--url", URL],
    ],
)
def test_what_is_missing_is_said_in_one_line(words: list[str]) -> None:
    """And nothing is printed that somebody could paste."""
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert (err.count("\n"), err[:7]) == (1, "qr-gen:")
    assert ("https address" in err) is (words[0] == "slack")
