"""How surely a code scans: one of mine, or one in anybody's picture."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Annotated

from bot.cards import back, for_all, for_one, in_place, picture_of
from bot.command import Arg, command
from bot.commands.library import code_id, theirs
from bot.context import Context
from bot.drawings import art_of, asset_of, without_gone, worked
from bot.message import Button, Field, File, Outcome, Reply, Rows, Status
from bot.qr.payloads import KINDS
from bot.qr.picture import STRIP, Picture
from bot.qr.proof.distance import print_advice
from bot.qr.proof.grades import Grade
from bot.qr.proof.ladder import Ladder, advice, prove_photo
from bot.qr.proof.strip import strip, views
from bot.qr.reading.opening import in_colour
from bot.qr.settling import ladder_of, settled
from storage.records import Code

JOB = "job:"


@command("prove", group="read", example="prove 7K3F9QXM2A", files=True)
async def prove(
    context: Context,
    code: Annotated[str, Arg("id of a code; or send a picture of one with it", read=code_id)] = "",
) -> Outcome:
    """Tell how surely a code scans, and what would help."""
    request = context.request
    if not (code or request.uploads):
        return Outcome(Reply(body=context.t("Send me a picture of a code with the word “prove” beside it.")))
    waits = any(not upload.data for upload in request.uploads)
    if waits or not (request.uploads or request.answered or request.id.startswith(JOB)):
        return Outcome(None, jobs=(request,))  # it takes too long to wait for on the way to the commit
    if request.uploads:
        return await _photo(context, request.uploads[0].data)
    return await _own(context, await theirs(context, code))


async def _photo(context: Context, data: bytes) -> Outcome:
    """Prove a picture somebody sent, and show what cameras see of it."""

    def measured() -> tuple[Ladder, bytes] | None:
        ladder = prove_photo(in_colour(data))
        return None if ladder is None else (ladder, _strip(context, ladder))

    found = await worked(measured)
    if found is None:
        body = context.t(
            "I found no code in this picture. Try again closer, sharper, and with some space around it."
        )
        return Outcome(Reply(body=body, status=Status.MISSING, private=True))
    ladder, sheet = found
    file = File("scan-check.png", media_type="image/png", encoded=b64encode(sheet).decode())
    reply = _reply(context, ladder, ladder.grade, files=(file,))
    return Outcome(replace(reply, private=True))


def _strip(context: Context, ladder: Ladder) -> bytes:
    out = BytesIO()
    strip(views(ladder, context.t)).save(out, "PNG")
    return out.getvalue()


async def _own(context: Context, code: Code) -> Outcome:
    """Prove a saved code, as it is drawn."""
    picture = picture_of(code, format=STRIP, language=context.t.language)
    art = await art_of(picture.style, partial(asset_of, context.work))
    shown, _ = without_gone(picture, art)

    def measured() -> tuple[Ladder, Grade]:
        _, proven, _ = settled(shown.payload, shown.style, art)
        return ladder_of(picture.payload, proven), proven.verdict.grades.overall

    ladder, grade = await worked(measured)
    reply = _reply(context, ladder, min(grade, ladder.grade), picture=picture)
    return Outcome(
        replace(
            reply,
            private=for_one(context, code.kind),
            shared=for_all(context, code.kind),
            replace=in_place(context, code),
            buttons=_buttons(context, code),
        )
    )


def _buttons(context: Context, code: Code) -> Rows:
    plain = KINDS.get(code.kind, KINDS["text"]).rules.plain
    style = () if plain else (Button(context.t("Style"), f"looks {code.id}"),)
    return ((*style, back(context, code)),)


def _reply(
    context: Context,
    ladder: Ladder,
    grade: Grade,
    *,
    picture: Picture | None = None,
    files: tuple[File, ...] = (),
) -> Reply:
    """Say score and grade, what is wrong and would help, how small and how far."""
    t = context.t
    lines = [t.of(each) for each in (*advice(ladder), *print_advice(ladder))]
    fields = (
        Field(t("Score"), t("{score} of 100", score=ladder.score)),
        Field(t("Grade"), grade.name),
        Field(t("Contrast"), f"{ladder.contrast} %"),
        Field(t("Spare error correction"), f"{max(0, round(100 * ladder.unused))} %"),
    )
    body = "\n".join(lines) or t("Nothing is wrong with it.")
    return Reply(title=t("Scan check"), body=body, fields=fields, picture=picture, files=files)
