"""The account's page, laid out part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from starlette.responses import Response

from adapters.web.pages.layout import Field, alert, card, form, hidden, link, page, said
from bot.accounts.caller import SCOPES, Caller
from bot.accounts.passwords import SHORTEST
from bot.i18n import Translator, mark
from bot.pairing import PLATFORMS
from storage.account import ApiKey, Session, SessionKind
from storage.records import Identity, Join

LASTS = {"30": 30, "90": 90, "365": 365, "never": 0}  # to days; 0: until it is revoked

_NOTES = {
    "password": mark("Your password is changed, and everywhere else you are logged out."),
    "ended": mark("That one is logged out."),
    "revoked": mark("The key is revoked: it works no longer."),
    "joined": mark("These accounts are one now: codes, favourites and settings are shared."),
    "undone": mark("These accounts are on their own again; what was made since stays here."),
}
_SCOPES = {
    "codes:read": mark("see your codes and kits"),
    "codes:write": mark("make, change and delete codes and kits"),
    "pictures": mark("draw, read and prove pictures without keeping anything"),
}
_LASTS = {
    "30": mark("30 days"),
    "90": mark("90 days"),
    "365": mark("a year"),
    "never": mark("until I revoke it"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows. ``errors``: by form and field; ``key`` and ``pairing`` are told this once."""

    t: Translator
    caller: Caller
    sessions: tuple[Session, ...]
    keys: tuple[ApiKey, ...]
    others: tuple[Identity, ...]
    joins: tuple[Join, ...]
    once: str
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    note: str = ""
    key: str = field(default="", repr=False)
    pairing: str = field(default="", repr=False)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def account_page(shown: Shown) -> Response:
    """Lay it out."""
    t = shown.t
    note = alert(t(_NOTES[shown.note]), "done") if shown.note in _NOTES else ""
    parts = "".join(part(shown) for part in (_chats, _keys, _password, _sessions, _data, _delete))
    body = f"""<h1>{escape(t("Your account"))}</h1>
{said(shown.caller.user.email, "lead")}
{note}<div class="cards">{parts}</div>"""
    script = '\n  <script type="module" src="/static/copy.js"></script>' if shown.key or shown.pairing else ""
    return page(
        t, t("Your account"), body, nav=nav(t), status=shown.status, scripts=script, headers=shown.headers
    )


def nav(t: Translator) -> str:
    """Write the links at the top for somebody who is logged in."""
    out = f'<form method="post" action="/logout"><button class="quiet">{escape(t("Log out"))}</button></form>'
    return link("/", t("To the chat"), "quiet") + out


def _line(shown: Shown, of: str, name: str, label: str, **more: str) -> str:
    wrong = shown.errors.get(f"{of}.{name}", "")
    value = shown.values.get(name, "") if any(each.startswith(f"{of}.") for each in shown.errors) else ""
    return Field(name, label, value=value, error=wrong, prefix=f"{of}-", **more).html  # type: ignore[arg-type]


def _wrong(shown: Shown, of: str) -> str:
    """Say what was wrong with a form as a whole."""
    told = shown.errors.get(f"{of}.", "")
    return alert(told) if told else ""


def _day(at: datetime | None) -> str:
    return f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">{at:%Y-%m-%d}</time>' if at else ""


def _once(t: Translator, told: str, name: str) -> str:
    """Show what is shown this once, with a button that copies it, where there are scripts."""
    label, done = escape(t("Copy")), escape(t("Copied"))
    return (
        f'<code class="shown-once" id="{name}" dir="ltr">{escape(told)}</code>'
        f'<button type="button" class="chip" data-copy="{name}" data-done="{done}" hidden>{label}</button>'
    )


# --- chats --------------------------------------------------------------------------------------------------


def _chats(shown: Shown) -> str:
    t = shown.t
    there = "".join(
        f"<li><span dir=auto>{escape(each.name or each.external_id)}"
        f"<small>{escape(PLATFORMS.get(each.platform, each.platform))}</small></span></li>"
        for each in shown.others
    )
    undone = "".join(_undo(t, join) for join in shown.joins)
    listed = (
        f'<ul class="list">{there}</ul>{undone}' if there else said(t("No chat is connected yet."), "muted")
    )
    typed = _line(shown, "connect", "code", t("A pairing code that a chat gave you"), more='maxlength="20"')
    inside = (
        said(t("Connect a chat, and your codes and settings are the same there."))
        + _wrong(shown, "connect")
        + listed
        + _pairing(shown)
        + "<hr>"
        + form("/account/connect", typed, t("Connect"), "plain")
    )
    return card(t("Connected chats"), inside, "chats")


def _pairing(shown: Shown) -> str:
    t = shown.t
    if not shown.pairing:
        return form("/account/connect", "", t("Get a pairing code"))
    line = f"/connect {shown.pairing}"
    told = t("Say this in the chat; it holds for ten minutes, once. On Slack, begin with /qr.")
    return alert(told, "done") + _once(t, line, "pairing")


def _undo(t: Translator, join: Join) -> str:
    accounts = ", ".join(each.name or each.external_id for each in join.accounts)
    return form(
        "/account/connect", hidden("undo", join.id), t("Undo: {accounts}", accounts=accounts), "danger"
    )


# --- keys ---------------------------------------------------------------------------------------------------


def _keys(shown: Shown) -> str:
    t = shown.t
    made = "".join(_key(t, key) for key in shown.keys)
    told = ""
    if shown.key:
        told = alert(t("This is your new key. Copy it now: it is never shown again."), "done") + _once(
            t, shown.key, "new-key"
        )
    listed = f'<ul class="list">{made}</ul>' if made else said(t("You have no keys yet."), "muted")
    inside = (
        said(t("For programs that use the HTTP API in your name.")) + _wrong(shown, "key") + told + listed
    )
    return card(t("API keys"), inside + "<hr>" + _new_key(shown), "keys")


def _key(t: Translator, key: ApiKey) -> str:
    used = t("last used {day}", day="\0") if key.used_at else t("never used")
    until = t("until {day}", day="\0") if key.expires_at else t("without an end")
    about = f"{_dated(used, key.used_at)} · {_dated(until, key.expires_at)} · {escape(', '.join(key.scopes))}"
    button = f'<button class="chip danger" aria-label="{escape(t("Revoke {name}", name=key.name))}">'
    return (
        f"<li><span><span dir=auto>{escape(key.name)}</span> <code>{escape(key.start)}…</code>"
        f'<small>{about}</small></span><form method="post" action="/account/revoke">{hidden("id", key.id)}'
        f"{button}{escape(t('Revoke'))}</button></form></li>"
    )


def _dated(words: str, at: datetime | None) -> str:
    """Put a day into a sentence, as HTML."""
    return escape(words).replace("\0", _day(at))


def _new_key(shown: Shown) -> str:
    t, wrong = shown.t, shown.errors.get("key.scopes", "")
    told = ' aria-describedby="key-scopes-error"' if wrong else ""
    ticks = "".join(
        f'<label class="tick"><input type="checkbox" name="scope" value="{scope}" checked{told}>'
        f" <span><code>{scope}</code> {escape(t(_SCOPES[scope]))}</span></label>"
        for scope in SCOPES
    )
    error = f'<span class="error" id="key-scopes-error">{escape(wrong)}</span>' if wrong else ""
    options = "".join(
        f'<option value="{value}"{" selected" if value == "90" else ""}>{escape(t(label))}</option>'
        for value, label in _LASTS.items()
    )
    inside = (
        hidden("once", shown.once)
        + _line(shown, "key", "name", t("What the key is for"), more='maxlength="60"')
        + f'<fieldset class="ticks"><legend>{escape(t("It may"))}</legend>{ticks}{error}</fieldset>'
        + f'<div class="field"><label for="lasts">{escape(t("It lasts"))}</label>'
        + f'<select id="lasts" name="lasts">{options}</select></div>'
    )
    return form("/account/key", inside, t("Make a key"))


# --- password, sessions, data -------------------------------------------------------------------------------


def _password(shown: Shown) -> str:
    t = shown.t
    hint = t("At least {least} characters; a few words in a row are easy to remember.", least=SHORTEST)
    inside = (
        _wrong(shown, "password")
        + _line(
            shown,
            "password",
            "current_password",
            t("Password now"),
            type="password",
            autocomplete="current-password",
        )
        + _line(
            shown,
            "password",
            "new_password",
            t("New password"),
            type="password",
            autocomplete="new-password",
            hint=hint,
        )
    )
    return card(t("Password"), form("/account/password", inside, t("Change it")), "password")


def _sessions(shown: Shown) -> str:
    t = shown.t
    listed = "".join(_session(shown, each) for each in shown.sessions)
    inside = _wrong(shown, "end") + f'<ul class="list">{listed}</ul>'
    inside += form("/account/everywhere", "", t("Log out everywhere"), "danger")
    return card(t("Where you are logged in"), inside, "sessions")


def _session(shown: Shown, session: Session) -> str:
    t = shown.t
    what = t("A browser") if session.kind is SessionKind.PAGE else t("A program")
    if session.id == shown.caller.session:
        what = t("This browser")
    since = _dated(t("since {day}", day="\0"), session.created_at)
    used = _dated(t("last used {day}", day="\0"), session.used_at)
    named = escape(f"{t('Log out')}: {what}, {session.created_at:%Y-%m-%d}")
    return (
        f"<li><span>{escape(what)}<small>{since} · {used}</small></span>"
        f'<form method="post" action="/account/end">{hidden("id", session.id)}'
        f'<button class="chip" aria-label="{named}">{escape(t("Log out"))}</button></form></li>'
    )


def _data(shown: Shown) -> str:
    t = shown.t
    told = said(t("Everything that is kept about you, as one JSON file."))
    return card(t("Your data"), told + f"<p>{link('/account/export', t('Export'), 'chip')}</p>", "data")


def _delete(shown: Shown) -> str:
    t = shown.t
    told = said(
        t("This deletes all your codes and settings at once, in connected chats too. It cannot be undone.")
    )
    line = _line(shown, "delete", "password", t("Password"), type="password", autocomplete="current-password")
    inside = told + _wrong(shown, "delete") + form("/account/delete", line, t("Delete my account"), "danger")
    return card(t("Delete the account"), inside, "delete").replace(
        'class="card"', 'class="card danger-zone"', 1
    )
