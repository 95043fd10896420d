"""A share code is a whole look in at most 60 letters, for ever."""

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import Level
from bot.qr.refusal import Refused
from bot.qr.style import (
    TRANSPARENT,
    Backdrop,
    Frame,
    Gradient,
    Logo,
    Print,
    Style,
    checked,
    presets,
    read_share_code,
    share_code,
    shareable,
    sharing,
)
from bot.qr.style.bits import Bits
from bot.qr.style.vocabulary import names
from tests.qr import looks


@given(looks.styles)
def test_a_share_code_is_short_and_gives_back_what_it_has_room_for(style: Style) -> None:
    """At most 60 letters that a deep link may have, whatever the style."""
    code = share_code(style)
    assert len(code) <= 60
    assert set(code) <= set(string.ascii_letters + string.digits + "-_")
    assert read_share_code(code) == shareable(style)


@given(looks.styles, st.sampled_from(("", "Scan me", "Menü des Tages", "Сканируй")))
def test_a_share_code_holds_a_whole_style_but_uploads(style: Style, caption: str) -> None:
    """Colours, shapes, frame, logo, size and proof settings come back as they were."""
    simple = replace(
        style,
        light="#ffffff",
        dark=style.dark.colours[0] if isinstance(style.dark, Gradient) else style.dark,
        frame=style.frame and Frame(style.frame.name, caption),
        logo=style.logo and replace(style.logo, source="emoji:⭐"),
        backdrop=None,
        print=Print(),
    )
    simple = replace(simple, dark="#000000") if not _seen(simple) else simple
    assert read_share_code(share_code(simple)) == simple


def _seen(style: Style) -> bool:
    try:
        return bool(checked(style))
    except Refused:
        return False


def test_share_codes_leave_out_uploads_and_long_captions() -> None:
    """What is left out can be told from what would have been shared."""
    style = Style(logo=Logo("asset:A"), backdrop=Backdrop("asset:B"), frame=Frame("plate", "x" * 80))
    assert shareable(style) == Style(frame=Frame("plate"))
    kept = Style(frame=Frame("plate", "Order your drinks here"))
    assert read_share_code(share_code(kept)) == shareable(kept) == kept


def test_the_fullest_style_still_has_a_share_code() -> None:
    """Where colours alone fill it, less important parts are left out, in a fixed order."""
    many = tuple(f"#{number:06x}" for number in range(1, 6))
    lights = tuple(f"#ffffe{number}" for number in range(5))
    full = Style(
        Gradient("conic", many, 359), Gradient("conic", lights, 1), "noise", "mitred", "bars", "#111111", "#222222",
        Logo("emoji:👩🏻‍❤️‍💋‍👨🏻", "outline", 31, 2.5, True), None, Frame("tag", "Scan me", "#333333", "#444444"), 49,
        Print(99.99, 600, 3.0, True, True), 999, 19, Level.H, "D", 7, True,
    )  # fmt: skip
    shared = read_share_code(share_code(full))
    assert len(share_code(full)) <= 60
    assert (shared.dark, shared.modules, shared.size) == (full.dark, full.modules, full.size)


@pytest.mark.parametrize("wrong", ["", "A", "AAAA", "hello", "A" * 61, "Ä", "BAAA", "A b"])
def test_what_is_no_share_code_is_refused(wrong: str) -> None:
    """Nothing else is taken for a look."""
    with pytest.raises(Refused, match="not a share code"):
        read_share_code(wrong)


def test_one_wrong_letter_is_noticed_in_a_share_code() -> None:
    """A checksum covers all of it."""
    code = share_code(presets()["ocean"])
    for at in range(len(code)):
        other = "B" if code[at] == "A" else "A"
        with pytest.raises(Refused):
            read_share_code(code[:at] + other + code[at + 1 :])
    for length in range(len(code)):
        with pytest.raises(Refused):
            read_share_code(code[:length])


def test_a_share_code_of_a_later_table_is_read_without_its_new_shape() -> None:
    """A number that no name has yet stands for the usual shape, and bits behind the end are passed over."""
    bits = Bits()
    sharing.STYLE.put(bits, Style("#000080", modules="noise"))
    last = bits.value + (63 - sharing.MODULES.index("noise") << bits.length - 36)
    later = Bits(last << 30 | 0x2AAAAAAA, bits.length + 30)
    assert sharing.STYLE.get(later) == Style("#000080")


def test_a_forged_share_code_is_refused() -> None:
    """A right checksum does not help against colours that nobody can tell apart."""
    forged = sharing.written(Style("#ffffff"))
    with pytest.raises(Refused, match="cannot be drawn"):
        read_share_code(forged)


def test_share_codes_of_today_are_read_for_ever() -> None:
    """These are out in the world: a change that breaks them needs another version letter."""
    for code, style in SHARED.items():
        assert read_share_code(code) == style
        assert share_code(style) == code


SHARED = {
    "A4GIhorPEODBIE": Style(
        "#1a2b3c", "#ffffff", "dot", "rounded", "rounded", frame=Frame("plate", "Scan me")
    ),
    "AFmS5AACAAICAZABki3T4leICAhICAg": Style(
        Gradient("conic", ("#000080", "#008080", "#640064"), 45),
        TRANSPARENT,
        "heart",
        "circle",
        "star",
        "#101010",
        "#202020",
    ),
    "A2X7ARcAEETlre5xBaXufEjRW_25dRh2RtSPxw": Style(
        logo=Logo("emoji:❤️", "round", 20, 1.5, True),
        frame=Frame("bubble", "Меню дня", "#123456", "#fedcba"),
        corners=7,
    ),
    "ABGRhEREZ3d3cATeWTAvRpYj3Ng": Style(
        "#111111",
        "#eeeeee",
        print=Print(30.25, 600, 3.0, True, True),
        size=777,
        quiet_zone=6,
        level=Level.H,
        grade="A",
        mask=5,
        exact=True,
    ),
}


def test_every_shape_and_frame_has_a_number_in_share_codes() -> None:
    """Whoever adds a shape adds it at the end of its table."""
    assert set(names("modules")) <= set(sharing.MODULES)
    assert {*names("finder"), *names("eyeball")} <= set(sharing.EYES)
    assert set(names("frame")) <= set(sharing.FRAMES)
    for table in (sharing.MODULES, sharing.EYES, sharing.FRAMES):
        assert len(table) == len(set(table)) <= 64
