"""A command for every kind of content: its word, form and help are read off the kind's own definition."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any

from bot.command import Arg, Command, command
from bot.commands.make import made
from bot.context import Context
from bot.looks import look_of, read_look
from bot.message import Outcome
from bot.parameter import Param, params_of
from bot.qr.payloads import KINDS, Kind
from bot.qr.payloads.kind import assembled

EVERYDAY = {"email": "mail", "phone": "call"}  # the word people say, where it is not the kind's own name

# How one code looks: said with it, or brought along by a template; no form asks for it.
LOOK = Param(
    "look",
    str,
    "",
    Arg("how it looks: “dots navy on white, size 800”", named=True, unasked=True, read=read_look),
)


def _command_of(kind: Kind[Any], name: str, of: str = "") -> Command:
    async def run(context: Context, look: str = "", **values: Any) -> Outcome:
        style = await look_of(context, look, context.style) if look else context.style
        return made(context, kind, assembled(kind.content, values), style, context.format)

    def check(values: Any) -> None:
        kind.build(assembled(kind.content, {name: values[name] for name in values if name != LOOK.name}))

    params, example = params_of(kind.content), kind.example.replace(kind.name, name, 1)
    if not any(param.arg.rest and param.required for param in params):  # what follows those is literal
        params = (*params, LOOK)
    return Command(
        name, kind.summary, params, run, kind.group, example, check=check, of=of, kind=kind.name
    )  # fmt: skip


def _commands() -> tuple[Command, ...]:
    listed = [_command_of(kind, EVERYDAY.get(kind.name, kind.name)) for kind in KINDS.values()]
    also = [_command_of(KINDS[name], name, of=word) for name, word in EVERYDAY.items()]
    return (*listed, *also)


CONTENTS = _commands()
PAYMENTS = {kind.name: kind.label for kind in KINDS.values() if kind.group == "pay"}
Payment = StrEnum("Payment", [(name, name) for name in PAYMENTS])  # type: ignore[misc]  # as many as there are


@command("pay", group="make", example='pay epc "Red Cross" DE89370400440532013000 25')
async def pay(
    context: Context,
    kind: Annotated[Payment, Arg("which kind of payment", labels=PAYMENTS, words=True)],
    values: Annotated[str, Arg("its values", rest=True, slash=True)] = "",
) -> Outcome:
    """Make a code that asks for a payment."""
    said = replace(context.request, text=f"/{kind} {values}", command="", values={}, pressed=False)
    return Outcome(None, then=said)
