"""`qr-gen`: the commands an operator types."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs
from bot.config import Misconfigured, Settings, reached_at, read_settings

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    """Run the command line."""
    cli()


@cli.callback()
def about() -> None:
    """A chat bot that makes, reads and keeps QR codes, and proves each one before it leaves."""


def _settings(usual: str = "") -> Settings:
    """Read the settings and begin the log; ``usual``: its level where nobody asked for more or less."""
    settings = read_settings()
    level = usual if usual and settings.log_level == "info" else settings.log_level
    logs.set_up(level, settings.log_format, settings.secrets())
    return settings


def _run(work: Coroutine[Any, Any, int | None]) -> None:
    """Run to the end; what a person can mend is one line and exit code 2."""
    os.umask(0o077)  # what it makes is for this user alone
    try:
        raise typer.Exit(asyncio.run(work) or 0)
    except Misconfigured as wrong:
        print(f"qr-gen: {wrong}", file=sys.stderr)
        raise typer.Exit(wrong.code) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@cli.command()
def serve() -> None:
    """Start everything in one process: web chat, every configured platform, deliveries."""
    _run(_process("SERVE"))


@cli.command()
def web() -> None:
    """Answer HTTP only; on PostgreSQL, beside any number of workers."""
    _run(_process("WEB"))


@cli.command()
def worker() -> None:
    """Talk on the platforms and send; on PostgreSQL, beside any number of web processes."""
    _run(_process("WORKER"))


async def _process(role: str) -> None:
    settings = _settings()
    from bot import processes  # what serves is not needed to say that a setting is wrong

    with _reporting(settings):
        await processes.run(settings, getattr(processes, role))


def _reporting(settings: Settings) -> AbstractContextManager[None]:
    """Report errors where they are asked for; raises Misconfigured where what does it is not installed."""
    dsn = settings.sentry_dsn.get_secret_value()
    if not dsn:
        return nullcontext()
    try:
        from bot.sentry import reporting
    except ImportError:
        advice = "needs what qr-gen[sentry] installs; install it, or unset this"
        raise Misconfigured("SENTRY_DSN", advice) from None
    return reporting(dsn, settings.secrets())


@cli.command()
def migrate() -> None:
    """Bring the database to the newest revision; `serve` on SQLite does it by itself."""
    _run(_migrate())


async def _migrate() -> None:
    from bot.assembly import held, migrated

    settings = _settings()
    with held(settings):
        await migrated(settings)
    print("The database is up to date.")


@cli.command()
def backup(
    path: Annotated[Path | None, typer.Argument(help="file or folder; else data/backups")] = None,
) -> None:
    """Copy the data to a file, checked, also while qr-gen runs; the key is not inside."""
    _run(_backup(path))


async def _backup(path: Path | None) -> int:
    from bot.backup import back_up

    return await _copied(back_up(_settings(), path))


async def _copied(doing: Awaitable[str]) -> int:
    from bot.backup import Failed

    try:
        print(await doing)
    except Failed as why:
        print(f"qr-gen: {why}", file=sys.stderr)
        return 1
    return 0


@cli.command()
def restore(path: Annotated[Path, typer.Argument(help="what qr-gen backup made")]) -> None:
    """Put a backup in the place of the data, while no qr-gen runs; what was there is kept."""
    _run(_restore(path))


async def _restore(path: Path) -> int:
    from bot.backup import restore

    return await _copied(restore(_settings(), path))


@cli.command()
def config() -> None:
    """Show what is set and where: environment, .env, file or default; secrets are masked."""
    _run(_config())


async def _config() -> int:
    from bot.configured import shown

    for line in shown():
        print(line)
    return 0


@cli.command()
def doctor() -> None:
    """Look whether all is set right: !! is not (exit code 1), -- could be better; and what to do."""
    _run(_doctor())


async def _doctor() -> int:
    from bot.doctor import findings

    wrong = False
    async for found in findings(_settings()):
        mark = "OK" if not found.mend else "--" if found.light else "!!"
        wrong = wrong or mark == "!!"
        print(f"{mark}  {found.what} {found.how}. {found.mend}".rstrip(), flush=True)
    return int(wrong)


@cli.command()
def manifest(
    platform: Annotated[str, typer.Argument(help="slack")],
    url: Annotated[str, typer.Option(help="https address of this server; else PUBLIC_URL")] = "",
    socket: Annotated[bool, typer.Option("--socket", help="for Socket Mode")] = False,
    rotation: Annotated[
        bool, typer.Option("--rotation", help="for many workspaces: tokens that end")
    ] = False,
) -> None:
    """Print the manifest of the Slack app, to paste at api.slack.com/apps."""
    _run(_manifest(platform, url, socket, rotation))


async def _manifest(platform: str, url: str, socket: bool, rotation: bool) -> None:
    from adapters.slack.manifest import manifest, printed

    if platform != "slack":
        raise Misconfigured("The platform", "is not one that has a manifest; say: qr-gen manifest slack")
    address = reached_at(url or _settings().public_url, needed=not socket)
    print(printed(manifest(address, socket=socket, rotation=rotation)))


@cli.command()
def repl() -> None:
    """Talk to the bot here: on a terminal, or a command a line from standard input."""
    _run(_repl())


async def _repl() -> int:
    from adapters.console.shell import run
    from bot.commands import COMMANDS
    from bot.processes import open_door

    settings = _settings("warning")  # what is said here stands on the screen already
    async with open_door(settings, getpass.getuser()) as door:
        return await run(
            door,
            COMMANDS,
            interactive=sys.stdin.isatty(),
            stdin=sys.stdin,
            stdout=sys.stdout,
            history=Path.home() / ".local" / "state" / "qr-gen" / "history",
        )


@cli.command()
def version() -> None:
    """Print the version."""
    print(version_of("qr-gen"))


if __name__ == "__main__":
    main()
