"""Vectors: SVG and PDF, one path of merged runs; the payload stands nowhere but in the symbol."""

from __future__ import annotations

from bot.qr.drawing import Drawing, Mark

PAGE = 50 * 72 / 25.4  # points: 50 mm a side


def svg(drawing: Drawing) -> bytes:
    """Write an SVG in module units, scaled to the style's size."""
    side, size = drawing.side, drawing.style.size
    path = "".join(f"M{run.x} {run.y}h{run.width}v1h-{run.width}z" for run in drawing.runs)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="{drawing.style.light}" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="{drawing.style.dark}" d="{path}"/>'
        f"{''.join(_rect(drawing, mark) for mark in drawing.mark)}</svg>"
    ).encode()


def _rect(drawing: Drawing, mark: Mark) -> str:
    colour = drawing.style.dark if mark.dark else drawing.style.light
    return (
        f'<path fill="{colour}" shape-rendering="geometricPrecision" '
        f'd="M{mark.x:.4f} {mark.y:.4f}h{mark.width:.4f}v{mark.height:.4f}h-{mark.width:.4f}z"/>'
    )


def pdf(drawing: Drawing) -> bytes:
    """Write a one-page PDF (ISO 32000-1), 50 mm a side, greys as DeviceGray so that black prints as black."""
    side = drawing.side
    path = "\n".join(f"{run.x} {side - run.y - 1} {run.width} 1 re" for run in drawing.runs)
    marks = "".join(
        f"{_fill(drawing.style.dark if mark.dark else drawing.style.light)}\n"
        f"{mark.x:.4f} {side - mark.y - mark.height:.4f} {mark.width:.4f} {mark.height:.4f} re f\n"
        for mark in drawing.mark
    )
    content = (
        f"{PAGE / side:.6f} 0 0 {PAGE / side:.6f} 0 0 cm\n"
        f"{_fill(drawing.style.light)}\n0 0 {side} {side} re f\n"
        f"{_fill(drawing.style.dark)}\n{path}\nf\n{marks}"
    ).encode()
    return _file(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.4f %.4f]/Contents 4 0 R/Resources<<>>>>" % (PAGE, PAGE),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    )


def _fill(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return f"{red:.4g} g" if red == green == blue else f"{red:.4g} {green:.4g} {blue:.4g} rg"


def _file(*objects: bytes) -> bytes:
    """Number the objects and write the cross-reference table (7.5.4)."""
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, content)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n" % (count, entries, count)
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)
