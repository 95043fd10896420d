"""How a line that is being typed might go on."""

from __future__ import annotations

from collections.abc import Mapping

from bot.command import Command, option_names, visible
from bot.parameter import Param


def completions(commands: Mapping[str, Command], line: str) -> tuple[str, ...]:
    """List how the last word of a line might go on: command words, then ``name=``, then choices."""
    words = line.split()
    if len(words) < 2 and not (words and line[-1].isspace()):
        start = "".join(words).lstrip("/").lower()
        return tuple(name for name in visible(commands) if name.startswith(start))
    found = commands.get(words[0].lstrip("/").lower())
    last = line.rpartition(" ")[2]
    if found is None:
        return ()
    name, equals, value = last.partition("=")
    if equals:
        param = found.param(name)
        choices = _choices(commands, param) if param else ()
        return tuple(f"{name}={each}" for each in choices if each.startswith(value))
    named = tuple(f"{each}=" for each in option_names(found) if each.startswith(last))
    choices = tuple(each for param in found.params for each in _choices(commands, param))
    return named + tuple(each for each in choices if last and each.startswith(last))


def _choices(commands: Mapping[str, Command], param: Param) -> tuple[str, ...]:
    return visible(commands) if param.arg.word else param.choices
