"""One definition of a command: from a function's signature to parsing, forms, help and completion. All pure.

The argument language: ``name=value`` options first, straight or curly double quotes group, an apostrophe is a
letter, only names the command declares are options, ``--`` ends the options. A ``rest`` parameter is the
remaining text verbatim: all after the one space, line break or tab that ends what stands before it. It is not
shlex, since a payload must not be changed. A ``rest`` parameter that a command cannot do without is never an
option, so ``text`` has none, and what follows it is always literal.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from bot.message import Form, Outcome, Question
from bot.parameter import Arg, Param
from bot.qr.refusal import Refused

__all__ = ["Arg", "Ask", "Command", "Literal", "Param", "Ready", "Understood", "Unknown", "command"]

Run = Callable[..., Awaitable[Outcome]]
Check = Callable[[Mapping[str, Any]], object]

_COMMAND = re.compile(r"\s*(?:(/)(?P<named>[^\s/@]\S*?)(?:@\w+)?|(?P<bare>[A-Za-z]\w*))(?=\s|$)\s?", re.ASCII)
_GROUP = re.compile(r'\s*(?:"(.*?)"|“(.*?)”|„(.*?)[“”]|«(.*?)»)(?=\s|$)\s?', re.DOTALL)
_BARE = re.compile(r"\s*(\S*)\s?")
_OPTION = re.compile(r"\s*(\w+)=")
_NEAR = 40  # characters of an unknown word that are compared and told


@dataclass(frozen=True, slots=True)
class Command:
    """What people can say: a word, its parameters, and the function that decides the outcome."""

    name: str
    summary: str
    params: tuple[Param, ...]
    run: Run
    group: str
    example: str = ""
    hidden: bool = False  # pressed more than typed: left out of menus and help, and no command as a lone word
    of: str = ""  # a listed command that this is another word for
    kind: str = ""  # of the content that it makes a code of; the person's settings fill in its values
    check: Check | None = None  # raises Refused where values that read well do not go together
    files: bool = False  # takes the files that were sent with it; without, they are read for codes

    def param(self, name: str) -> Param | None:
        """Find a parameter by its name."""
        return next((param for param in self.params if param.name == name), None)


def command(
    name: str,
    *,
    group: str,
    example: str = "",
    hidden: bool = False,
    check: Check | None = None,
    files: bool = False,
) -> Callable[[Run], Command]:
    """Turn a function ``(context, values…) -> Outcome`` into a Command; registers nothing.

    The docstring's first line is the summary; parameters are annotated ``Annotated[type, Arg("help")]``.
    """

    def build(run: Run) -> Command:
        summary = (inspect.getdoc(run) or "").partition("\n")[0]
        return Command(name, summary, _params(run), run, group, example, hidden, check=check, files=files)

    return build


def _params(run: Run) -> tuple[Param, ...]:
    hints = get_type_hints(run, localns={"Context": object}, include_extras=True)
    return tuple(
        _param(parameter, hints[parameter.name])
        for parameter in list(inspect.signature(run).parameters.values())[1:]
    )


def _param(parameter: inspect.Parameter, hint: Any) -> Param:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"parameter {parameter.name} wants Annotated[type, Arg(...)]")
    kind, arg = get_args(hint)[:2]
    return Param(parameter.name, kind, parameter.default, arg)


# --- reading a line -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """A command with all its values: it can run."""

    command: Command
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """A command with values missing or wrong: a form is the reply."""

    command: Command
    given: Mapping[str, str]
    errors: Mapping[str, Refused] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """List what was given for the person alone."""
        secret = (param.name for param in self.command.params if param.arg.secret)
        return tuple(self.given[name] for name in secret if self.given.get(name))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word after a slash that is no command, and the nearest that is."""

    word: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text to make a code of, exactly as typed; ``other`` is the command it might have been."""

    text: str
    other: Command | None = None


Understood = Ready | Ask | Unknown | Literal


def understand(
    commands: Mapping[str, Command], text: str, known: Mapping[str, str] | None = None
) -> Understood:
    """Decide what a line means: a command, an incomplete one, or a text.

    With a slash it is always a command. A lone word is one too; a word plus text only where the whole of it
    parses, else the text is made into a code. ``known``: what the person's settings fill in by itself.
    """
    match = _COMMAND.match(text)
    if match is None:
        return Literal(text)
    slash, word = bool(match["named"]), (match["named"] or match["bare"]).lower()
    found = commands.get(word)
    remainder = text[match.end() :]
    if found is None or (found.hidden and not slash and not remainder.strip()):
        return Unknown(word[:_NEAR], nearest(commands, word[:_NEAR])) if slash else Literal(text)
    if slash or not remainder.strip():
        return complete(found, *split(found, remainder), known)
    return _spoken(commands, found, text, remainder, known)


def _spoken(
    commands: Mapping[str, Command],
    found: Command,
    text: str,
    remainder: str,
    settled: Mapping[str, str] | None,
) -> Understood:
    given, errors = split(found, remainder, slash=False)
    understood = complete(found, given, errors, settled)
    known = all(given.get(param.name, "help") in commands for param in found.params if param.arg.word)
    if isinstance(understood, Ready) and known:
        return understood
    return Literal(text, other=None if found.hidden else found)


def nearest(commands: Mapping[str, Command], word: str) -> str:
    """Name the command a typing slip probably meant; empty when none is near."""
    return next(iter(get_close_matches(word, visible(commands), n=1, cutoff=0.6)), "")


def visible(commands: Mapping[str, Command]) -> tuple[str, ...]:
    """Name the commands that people are told of."""
    return tuple(name for name, entry in commands.items() if not (entry.hidden or entry.of))


def split(found: Command, text: str, *, slash: bool = True) -> tuple[dict[str, str], dict[str, Refused]]:
    """Cut a line's remainder into the texts of the command's parameters; left-over words are an error."""
    given: dict[str, str] = {}
    waiting = [param for param in found.params if not param.arg.named and (slash or not param.arg.slash)]
    options = option_names(found)
    while text.strip():
        rest = next((param for param in waiting if param.name not in given), None)
        option = _option(text, options)
        if option is not None and option[0] not in given:
            name, given[name], text = option[0], option[1], option[2]
        elif options and _BARE.match(text)[1] == "--":  # type: ignore[index]  # matches everywhere
            options, text = (), _word(text)[1]
        elif rest is None or (option is not None and not rest.arg.rest):
            return given, {"": _left_over(found, text)}
        elif rest.arg.rest:
            given[rest.name], text = text, ""
        else:
            given[rest.name], text = _word(text)
            options = () if any(param.arg.rest for param in found.params) else options
    return given, {}


def option_names(found: Command) -> tuple[str, ...]:
    """Name the parameters that can be given as ``name=value``."""
    return tuple(param.name for param in found.params if not (param.arg.rest and param.required))


def _option(text: str, options: tuple[str, ...]) -> tuple[str, str, str] | None:
    """Take ``name=value`` off a text: the name, the value, what follows."""
    match = _OPTION.match(text)
    if match is None or match[1] not in options:
        return None
    if text[match.end() : match.end() + 1].isspace():
        return match[1], "", text[match.end() + 1 :]
    return match[1], *_word(text[match.end() :])


def _word(text: str) -> tuple[str, str]:
    """Take the first word or quoted group off a text, with one space after it."""
    match = _GROUP.match(text) or _BARE.match(text)
    assert match is not None  # _BARE matches everywhere
    return match[match.lastindex or 0], text[match.end() :]


def _left_over(found: Command, text: str) -> Refused:
    """Say what is too much; never a word that may be the rest of a secret."""
    if any(param.arg.secret for param in found.params):
        return Refused("These are more words than I can place. Put quotes around what belongs together.")
    return Refused("I do not understand “{word}” here.", word=_word(text)[0])


def complete(
    found: Command,
    given: Mapping[str, str],
    errors: Mapping[str, Refused] | None = None,
    known: Mapping[str, str] | None = None,
) -> Ready | Ask:
    """Convert what was given, or known from the settings; Ready when nothing is wrong, else Ask."""
    wrong, settled = dict(errors or {}), (known or {}) if found.kind else {}
    values: dict[str, Any] = {}
    for param in found.params:
        text = given.get(param.name, "") or settled.get(param.name, "")
        if text == "" and param.required:
            wrong.setdefault(param.name, Refused("Please fill this in."))
        elif text != "":
            try:
                values[param.name] = param.convert(text)
            except Refused as refused:
                wrong[param.name] = refused
    if not wrong and found.check is not None:
        try:
            found.check({param.name: param.default for param in found.params} | values)
        except Refused as refused:
            wrong[refused.field if found.param(refused.field) else ""] = refused
    return Ask(found, dict(given), wrong) if wrong else Ready(found, values)


# --- forms, help, completion --------------------------------------------------------------------------------


def form(ask: Ask, translate: Callable[..., str]) -> Form:
    """Lay out the form that asks for a command's values, with what is known filled in."""
    said = (*ask.given, *ask.errors)
    asked = [each for each in ask.command.params if not each.arg.unasked or each.name in said]
    return Form(
        command=ask.command.name,
        title=translate(ask.command.summary),
        questions=tuple(_question(param, ask, translate) for param in asked),
        values=dict(ask.given),
    )


def _question(param: Param, ask: Ask, translate: Callable[..., str]) -> Question:
    error = ask.errors.get(param.name)
    told = error is not None and (param.name in ask.given or not param.required)
    return Question(
        name=param.name,
        label=translate(param.arg.help),
        entry=param.entry,
        required=param.required,
        default=param.preset,
        choices=tuple((choice, translate(param.arg.labels.get(choice, choice))) for choice in param.choices),
        offers=tuple((answer, translate(label)) for answer, label in param.arg.offers),
        error=translate(error.template, **_unquoted(ask, error)) if told and error else "",
    )


def _unquoted(ask: Ask, error: Refused) -> Mapping[str, Any]:
    """Leave out of a sentence what was given, where it may be the rest of a secret."""
    said = ask.given.values() if ask.secrets else ()
    return {name: "…" if value in said else value for name, value in error.values.items()}


def usage(found: Command) -> str:
    """Write how a command is said: ``wifi <ssid> [password] [security=WPA/WEP/…] [hidden=yes/no]``."""
    return " ".join([found.name, *(param.usage for param in found.params)])
