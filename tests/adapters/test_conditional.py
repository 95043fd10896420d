"""Conditional requests: what a client holds, compared weakly and strongly, also in lists (RFC 9110, 13)."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from adapters.web.conditional import demand, holds, strong, unchanged, weak
from bot.accounts.caller import Caller
from bot.accounts.operating import change_account, with_role
from storage.account import Role
from tests.adapters.calling import called
from tests.adapters.programs import PASSWORD
from tests.core.talking import Core, core

__all__ = ["core"]

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


@pytest.mark.parametrize("what", ["codes", "kits", "users"])
async def test_who_has_a_thing_as_it_is_gets_nothing_again(core: Core, what: str) -> None:
    """Whatever it is; once it was changed, all of it."""
    api = called(core)
    user = await api.user()
    api.users["ada"] = await change_account(
        api.accounts, Caller(user), user.id, partial(with_role, role=Role.OPERATOR)
    )
    body, change = {
        "codes": ({"content": {"type": "text", "text": "x"}}, {"favourite": True}),
        "kits": ({"name": "Ours", "style": "dots"}, {"name": "Theirs"}),
        "users": ({"email": "bea@example.org", "password": PASSWORD}, {"disabled": True}),
    }[what]
    async with api.client:
        made = (await api.ask("POST", f"/v1/{what}", json=body)).json()
        seen = await api.ask("GET", path := f"/v1/{what}/{made['id']}")
        tag = seen.headers["etag"]
        assert seen.json()["id"] == made["id"]
        for known in (tag, weak(tag), "*"):
            again = await api.ask("GET", path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert again.headers["cache-control"] == seen.headers["cache-control"]
        assert (await api.ask("PATCH", path, json=change, headers={"If-Match": tag})).status_code == 200
        anew = await api.ask("GET", path, headers={"If-None-Match": tag})
        assert anew.status_code == 200
        assert anew.json() != seen.json()
