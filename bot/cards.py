"""How a code is shown: picture, title, hints, and the buttons under it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from bot.ids import new_id
from bot.message import Button, Outcome, Reply, Rows, Tone, fits
from bot.qr.payloads import KINDS, Kind, Payload
from bot.qr.picture import SLIP, Picture
from bot.qr.refusal import Refused
from bot.qr.sizing import level_of
from bot.qr.style import Style, fitted, load_style, warnings
from bot.qr.symbol import hint, version_of
from storage.records import Code

if TYPE_CHECKING:
    from bot.context import Context

TITLE = 60  # characters of a value that a list shows
SECRET_KINDS = frozenset(kind.name for kind in KINDS.values() if kind.secret)  # shown to the person alone


def picture_of(code: Code, *, format: str = "", size: int = 0, language: str = "") -> Picture:
    """Say what to draw for a saved code; ``language`` is that of a payment slip's headings."""
    style = load_style(code.style)
    look = dataclasses.replace(style, size=size or style.size)
    kind = KINDS.get(code.kind, KINDS["text"])
    payload = Payload(code.text, code.kind, kind.rules)
    name = f"qr-{code.id.lower()}"
    return Picture(payload, fitted(look, kind.rules), format or code.format, name, language)


def code_reply(
    context: Context,
    code: Code,
    *,
    format: str = "",
    size: int = 0,
    replace: bool = False,
    typed: str = "",
    buttons: Rows = (),
) -> Reply:
    """Show a code with what can be done with it, or with other buttons.

    ``typed``: what was typed, where the code says something else and the way back is offered.
    """
    language = context.t.language if format == SLIP else ""
    picture = picture_of(code, format=format, size=size, language=language)
    return Reply(
        title=code.title,
        body=hints(context, picture, load_style(code.style)),
        picture=picture,
        buttons=buttons or (*privately(context, code), *_four(context, code, typed)),
        code=code.id,
        private=for_one(context, code.kind),
        shared=for_all(context, code.kind),
        replace=replace,
    )


def privately(context: Context, code: Code) -> Rows:
    """Lay out what can be done with a code that only its person sees so far: shown to all, changed, dropped.

    What was made just now goes at once; what is older is asked for first.
    """
    if not context.request.aside:
        return ()
    t, mine = context.t, code.person_id == context.person.id
    fresh = code.created_at == context.now and not code.favourite
    drop = f"delete {code.id}{' confirm=yes' if fresh else ''}"
    edit = Button(t("Edit"), f"edit {code.id}", here=True)
    return (
        (
            sharing(context, code),
            *((edit,) if mine else ()),
            *(Button(name.upper(), f"download {code.id} {name}", here=True) for name in ("svg", "pdf")),
            *((Button(t("Delete"), drop, tone=Tone.DANGER, here=True),) if mine else ()),
        ),
    )


def sharing(context: Context, code: Code) -> Button:
    """Make the button that shows a code to all; each one counts once, however quickly it is pressed twice."""
    return Button(context.t("Share to channel"), f"post {code.id} {new_id()}", tone=Tone.MAIN, here=True)


def for_one(context: Context, kind: str = "") -> bool:
    """Tell whether an answer about a kind of content is for the person alone: secrets, and as they chose."""
    return kind in SECRET_KINDS or context.person.preferences.replies == "private"


def for_all(context: Context, kind: str) -> bool:
    """Tell whether all in a space may see an answer that a face would give privately: as they chose."""
    return kind not in SECRET_KINDS and context.person.preferences.replies == "shared"


def passing_reply(context: Context, title: str, picture: Picture, asked: Style) -> Reply:
    """Show a code that is kept nowhere."""
    gone = context.t("I do not keep this code. Save the picture if you need it again.")
    body = "\n".join(line for line in (gone, hints(context, picture, asked)) if line)
    return Reply(title=title, body=body, picture=picture, private=True, secret=True)


def hints(context: Context, picture: Picture, asked: Style) -> str:
    """Say what is worth knowing about a picture: a line each."""
    found = list(warnings(picture.style)) if picture.style.exact else []
    dense = hint(version_of(picture.payload, level_of(picture.payload, picture.style)))
    if fitted(asked, picture.payload.rules) != asked and picture.payload.rules.plain:
        found.append(Refused("This kind of code is always black on white, as its specification says."))
    if dense is not None:
        found.append(dense)
    return "\n".join(context.t.of(each) for each in found)


def hinted(context: Context, outcome: Outcome) -> Outcome:
    """Say under a code that it may have been meant as something else."""
    reply = outcome.reply
    if reply is None or not reply.code:
        return outcome
    hint = context.t("Did you mean something else? See More.")
    body = "\n".join(dict.fromkeys(line for line in (*reply.body.split("\n"), hint) if line))
    return dataclasses.replace(outcome, reply=dataclasses.replace(reply, body=body))


def in_place(context: Context, code: Code) -> bool:
    """Tell whether an answer takes the place of what was pressed: never of what somebody else has made."""
    return context.request.pressed and code.person_id == context.person.id


def at_home(context: Context) -> bool:
    """Tell whether what was pressed is the person's own, as it is where nobody else reads along."""
    return context.request.pressed and context.request.space.private


def carrying(line: str, typed: str) -> str:
    """Let a button's line carry what was typed, as far as it has room for it."""
    whole = f"{line} {typed}"
    return whole if typed and fits(whole) else line


def back(context: Context, code: Code, typed: str = "") -> Button:
    """Make the button that shows the code again in place of a menu."""
    return Button(context.t("‹ Back"), carrying(f"card {code.id}", typed))


def _four(context: Context, code: Code, typed: str) -> Rows:
    """Lay out what hangs under every picture; a code that has no other look is checked instead."""
    t = context.t
    plain = KINDS.get(code.kind, KINDS["text"]).rules.plain
    look = Button(t("Style"), carrying(f"looks {code.id}", typed))
    check = Button(t("Scan check"), f"prove {code.id}")
    label, short = (t("★ Unfavourite"), "★") if code.favourite else (t("☆ Favourite"), "☆")
    return (
        (
            check if plain else look,
            Button(t("File"), carrying(f"files {code.id}", typed)),
            Button(label, f"favourite {code.id} on={'no' if code.favourite else 'yes'}", short=short),
            Button(t("More"), carrying(f"more {code.id}", typed)),
        ),
    )


def heading(context: Context, kind: Kind[Any], content: Any) -> str:
    """Name a content for lists: what kind it is, and what tells it apart."""
    line = " ".join(kind.title(content).split())
    short = line if len(line) <= TITLE else line[: TITLE - 1] + "…"
    return short if kind.name in ("text", "raw", "url") else f"{context.t(kind.label)}: {short}"
