"""A look is stored as JSON that always loads, and taken from programs by field."""

import json

import pytest

from bot.qr.payloads import Level
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Frame, Gradient, Logo, Print, Style, dump_style, load_style, style_of_json

STAR = Logo("emoji:⭐")


def test_json_of_another_version_is_read() -> None:
    """What is new is passed over, and the flat rows of the first version still load."""
    assert load_style('{"dark":"#000080","sparkles":{"many":true},"modules":"fractal"}') == Style(
        dark="#000080"
    )
    old = '{"dark":"#000080","light":"#ffff00","size":800,"quiet_zone":2,"level":"Q"}'
    assert load_style(old) == Style("#000080", "#ffff00", size=800, quiet_zone=2, level=Level.Q)
    assert load_style(
        dump_style(Style("#000080", "#ffff00", size=800, quiet_zone=2, level=Level.Q))
    ) == load_style(old)
    assert set(json.loads(dump_style(DEFAULT))) == {"dark", "light", "size", "quiet_zone", "level"}


@pytest.mark.parametrize(
    ("stored", "style"),
    [
        ("", DEFAULT),
        ("[]", DEFAULT),
        ("null", DEFAULT),
        ("[" * 100_000, DEFAULT),
        ('{"size":1e99,"quiet_zone":NaN,"level":7,"dark":["red"],"mask":true}', DEFAULT),
        ('{"size":"800","corners":-1,"exact":1,"grade":"AB"}', DEFAULT),
        ('{"dark":"#ffffff"}', DEFAULT),
        ('{"print":{"width":2000,"dpi":1200}}', DEFAULT),
        ('{"print":{"width":30,"dpi":9e9,"marks":true}}', Style(print=Print(30.0, marks=True))),
        ('{"logo":{"source":"https://example.org/a.svg"},"corners":5}', Style(corners=5)),
        ('{"logo":{"source":"emoji:⭐","size":900}}', Style(logo=STAR)),
        ('{"logo":{"shape":"round"}}', DEFAULT),
        ('{"frame":{"name":"plate","caption":"\\ud800"}}', Style(frame=Frame("plate"))),
        ('{"backdrop":{"source":"emoji:⭐"}}', DEFAULT),
        ('{"dark":{"kind":"linear","colours":["#000000"]}}', DEFAULT),
        ('{"dark":{"kind":"conic","colours":["#000000","#000080"],"angle":"x"}}',
         Style(Gradient("conic", ("#000000", "#000080")))),
    ],
)  # fmt: skip
def test_a_stored_style_never_fails_to_load(stored: str, style: Style) -> None:
    """Each wrong value falls back to the usual one by itself; a print of too many pixels is none."""
    assert load_style(stored) == style


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"dark": "navvy"}, "dark"),
        ({"dark": {"kind": "spiral", "colours": ["red", "blue"]}}, "dark.kind"),
        ({"dark": {"kind": "linear", "colours": ["red"]}}, "dark.colours"),
        ({"dark": {"kind": "linear", "colours": ["red", 5]}}, "dark.colours"),
        ({"dark": {"kind": "linear"}}, "dark.colours"),
        ({"dark": {"kind": "linear", "colours": "red"}}, "dark.colours"),
        ({"modules": "rouned"}, "modules"),
        ({"logo": {"source": "file:///etc/passwd"}}, "logo.source"),
        ({"logo": {"source": "emoji:⭐", "size": 99}}, "logo.size"),
        ({"logo": "⭐"}, "logo"),
        ({"frame": {"name": "plate", "caption": "x" * 201}}, "frame.caption"),
        ({"frame": {"caption": "Scan me"}}, "frame.name"),
        ({"backdrop": {"source": "emoji:⭐"}}, "backdrop.source"),
        ({"print": {"width": 1}}, "print.width"),
        ({"print": None}, "print"),
        ({"size": -5}, "size"),
        ({"size": 10**9}, "size"),
        ({"size": True}, "size"),
        ({"exact": "yes"}, "exact"),
        ({"level": "X"}, "level"),
        ({"sparkles": True}, "sparkles"),
        ({"dark": "#fff"}, "dark"),
    ],
)
def test_a_programs_style_is_refused_by_field(given: dict[str, object], field: str) -> None:
    """The field is named as a path, so that a form can show the sentence beside it."""
    with pytest.raises(Refused) as refused:
        style_of_json(given)
    assert refused.value.field == field


def test_a_programs_style_is_an_object() -> None:
    """Anything else is refused; colours may be said by name."""
    for wrong in (None, ["navy"], "navy", 5):
        with pytest.raises(Refused, match="object"):
            style_of_json(wrong)
    assert style_of_json({"dark": "navy", "modules": "dots"}) == Style(dark="#000080", modules="dot")
