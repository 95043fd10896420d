"""Conditional requests: what a client holds, compared weakly and strongly, also in lists (RFC 9110, 13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from adapters.web.conditional import demand, holds, strong, unchanged, weak

TAG = strong("picture", 1)


@pytest.mark.parametrize(
    ("known", "held"),
    [
        (TAG, True),
        (weak(TAG), True),
        ("*", True),
        (f'"other", {TAG}', True),
        (f'W/"a,b" ,{weak(TAG)},', True),
        ("", False),
        ('""', False),
        ('"other"', False),
        (TAG.strip('"'), False),
        (TAG.lower() + "x", False),
        (f'"x{TAG}', False),
        ("*, *", False),
    ],
)
def test_what_is_held_already_is_not_sent_again(known: str, held: bool) -> None:
    """Whichever kind of tag, anywhere in a list; a comma inside a tag parts nothing."""
    assert holds(Headers({"if-none-match": known}), TAG) is held
    assert holds(Headers({"if-none-match": known}), weak(TAG)) is held


def test_several_lines_of_a_header_are_one_list() -> None:
    """RFC 9110, 5.3."""
    raw = [(b"if-none-match", b'"other"'), (b"if-none-match", TAG.encode())]
    assert holds(Headers(raw=raw), TAG)


@pytest.mark.parametrize("known", [None, "*", TAG, f'"other", {TAG}'])
def test_what_is_still_as_it_was_seen_may_be_changed(known: str | None) -> None:
    """Who says nothing about it may, too."""
    demand(Headers({} if known is None else {"if-match": known}), TAG)


@pytest.mark.parametrize("known", ['"other"', weak(TAG), "nonsense", f'"other", {weak(TAG)}'])
def test_what_was_changed_meanwhile_is_not_changed_over_it(known: str) -> None:
    """A weak tag says too little (13.1.1)."""
    with pytest.raises(HTTPException) as refused:
        demand(Headers({"if-match": known}), TAG)
    assert refused.value.status_code == 412


def test_an_unchanged_answer_has_no_body_but_says_how_long_it_holds() -> None:
    """RFC 9110, 15.4.5."""
    answer = unchanged(TAG, {"Cache-Control": "private"})
    assert (answer.status_code, answer.body) == (304, b"")
    assert (answer.headers["etag"], answer.headers["cache-control"]) == (TAG, "private")


@given(st.lists(st.text() | st.binary() | st.integers(), max_size=3), st.lists(st.text(), max_size=3))
def test_two_things_have_the_same_tag_only_where_they_are_the_same(
    one: list[str | bytes | int], two: list[str]
) -> None:
    """Also where the same letters are parted elsewhere."""
    assert (strong(*one) == strong(*two)) is (
        [_bytes(each) for each in one] == [_bytes(each) for each in two]
    )


def _bytes(part: str | bytes | int) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
