"""What the interactive shell asks with: completion, a history without secrets, a prompt for each question."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory

from adapters.console.render import line
from bot.command import Ask, Command, Ready, understand
from bot.completion import completions
from bot.i18n import Translator
from bot.message import Entry, Form, Question
from bot.operating.audit import in_console

OWN = ("read", "save", "as", "exit")  # the shell's words besides the bot's
CANCEL = "/cancel"
_PATHS = tuple(f"{slash}{word} " for word in ("read", "save", "prove", "logo") for slash in ("", "/"))


def prompt(acting: str) -> FormattedText:
    """Ask for a line, and show in whose name it will be said where that is another's."""
    return FormattedText([("fg:ansiyellow bold", line(acting)), ("", "> ")] if acting else [("", "qr> ")])


class Words(Completer):
    """Completes commands, their options, and paths after the words that take a file."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self.commands = in_console(commands)
        self.paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield how the line before the cursor might go on."""
        typed = document.text_before_cursor.lstrip()
        if typed.startswith(_PATHS):
            path = typed.partition(" ")[2].lstrip()
            yield from self.paths.get_completions(Document(path), complete_event)
            return
        last = typed.rpartition(" ")[2]
        if " " not in typed:
            last = last.lstrip("/")
        for each in self._offers(typed, last):
            yield Completion(each, start_position=-len(last))

    def _offers(self, typed: str, last: str) -> Iterable[str]:
        own = [word for word in OWN if " " not in typed and word.startswith(last)]
        return dict.fromkeys([*completions(self.commands, typed), *own])


class History(FileHistory):
    """Keeps lines in a file only its owner can read, and leaves out those that hold a secret value."""

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        super().__init__(path)
        self.commands = commands

    def store_string(self, string: str) -> None:
        """Write a line down, unless it holds a secret."""
        if not holds_secret(self.commands, string):
            super().store_string(string)


def holds_secret(commands: Mapping[str, Command], typed: str) -> bool:
    """Tell whether a line gives a value that its command calls secret, also where something else is wrong."""
    match understand(commands, typed):
        case Ready(command, values) | Ask(command, values):
            return any(param.arg.secret and values.get(param.name) for param in command.params)
        case _:
            return False


async def fill(form: Form, t: Translator) -> dict[str, str] | None:
    """Ask a form's questions one after the other, or those answered wrongly; None where /cancel leaves it.

    Raises KeyboardInterrupt or EOFError where the prompt is left.
    """
    session: PromptSession[str] = PromptSession()
    values = dict(form.values)
    wrong = [question for question in form.questions if question.error]
    for question in wrong or form.questions:
        answer = await _ask(session, question, values.get(question.name, question.default), t)
        if answer.lower() == CANCEL:
            return None
        values[question.name] = answer
    return values


async def _ask(session: PromptSession[str], question: Question, start: str, t: Translator) -> str:
    secret = question.entry is Entry.SECRET
    offered = [value for value, _ in (*question.choices, *question.offers)]
    answer = await session.prompt_async(
        FormattedText(_head(question, start, offered, t)),
        default="" if secret else start,
        is_password=secret,
        completer=WordCompleter(offered) if offered else None,
    )
    return (answer or start) if secret else answer.strip()


def _head(question: Question, start: str, offered: list[str], t: Translator) -> list[tuple[str, str]]:
    error = [("fg:ansired", f"{line(question.error)}\n")] if question.error else []
    hints = [] if question.required else [t("optional")]
    hints += ["/".join(map(line, offered))] if offered else []
    hints += [t("Enter keeps it")] if question.entry is Entry.SECRET and start else []
    return [*error, ("", line(question.label) + (f" ({', '.join(hints)})" if hints else "") + ": ")]
