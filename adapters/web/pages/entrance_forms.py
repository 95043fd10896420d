"""The forms of the entrance, laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from starlette.responses import Response

from adapters.web.pages.layout import Field, alert, form, hidden, link, page, said
from bot.accounts.caller import Accounts
from bot.accounts.passwords import SHORTEST
from bot.accounts.resetting import PAGE, SENT
from bot.i18n import Translator, mark

_NOTES = {
    "password": mark("Your password is changed. Please log in with it."),
    "sent": SENT,
    "out": mark("You are logged out everywhere."),
    "deleted": mark("Your account is deleted, with everything that was in it."),
}
_EMAIL = 'inputmode="email" maxlength="254" spellcheck="false"'
_CODE = 'maxlength="40" spellcheck="false" autocapitalize="characters"'


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed into a form, and what is wrong with it, by field; "" is the whole of it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def login_page(t: Translator, accounts: Accounts, filled: Filled) -> Response:
    """Ask who somebody is."""
    email = _email(t, filled)
    password = _password(t, filled, "current-password")
    inside = hidden("next", filled.values.get("next", "")) + email + password
    after = _forgotten(t)
    if accounts.sign_up != "closed":
        after += f"<p class=after>{escape(t('No account yet?'))} {link('/signup', t('Sign up'), '')}</p>"
    return _laid(t, t("Log in"), form("/login", inside, t("Log in")) + after, filled)


def signup_page(t: Translator, accounts: Accounts, filled: Filled) -> Response:
    """Ask for what an account needs; where nobody may make one, say so."""
    known = f"<p class=after>{escape(t('Have an account?'))} {link('/login', t('Log in'), '')}</p>"
    known += _forgotten(t) if filled.status == 409 else ""
    if accounts.sign_up == "closed":
        told = said(t("Nobody can sign up here. Please ask whoever runs this bot."), "lead")
        return _laid(t, t("Sign up"), told + known, filled)
    inside = _email(t, filled) + _password(t, filled, "new-password")
    if accounts.sign_up == "invite" or filled.errors.get("invite"):
        hint = t("From whoever runs this bot.")
        inside += _line(t("Invitation"), "invite", filled, hint=hint, more=_CODE)
    return _laid(t, t("Sign up"), form("/signup", inside, t("Sign up")) + known, filled)


def forgot_page(t: Translator, filled: Filled) -> Response:
    """Ask whose password was forgotten."""
    told = said(
        t("Type the email address of your account: a code comes to the chats that are connected with it.")
    )
    inside = _email(t, filled)
    after = f"<p class=after>{link(PAGE, t('I have a code'), '')}</p>"
    title = t("Forgot your password?")
    return _laid(t, title, told + form("/forgot", inside, t("Send me a code")) + after, filled)


def reset_page(t: Translator, filled: Filled) -> Response:
    """Ask for a code, and for the password that it lets in."""
    code = _line(t("Code"), "code", filled, autocomplete="one-time-code", more=_CODE)
    inside = _email(t, filled) + code + _password(t, filled, "new-password", "new_password")
    after = f"<p class=after>{link('/forgot', t('Have a code sent'), '')}</p>"
    return _laid(t, t("Choose a new password"), form(PAGE, inside, t("Change the password")) + after, filled)


def _forgotten(t: Translator) -> str:
    return f"<p class=after>{link('/forgot', t('Forgot your password?'), '')}</p>"


def _email(t: Translator, filled: Filled) -> str:
    return _line(t("Email address"), "email", filled, type="email", autocomplete="username", more=_EMAIL)


def _password(t: Translator, filled: Filled, autocomplete: str, name: str = "password") -> str:
    new = autocomplete == "new-password"
    least = t("At least {least} characters; a few words in a row are easy to remember.", least=SHORTEST)
    label = t("New password") if new else t("Password")
    return _line(label, name, filled, type="password", autocomplete=autocomplete, hint=least if new else "")


def _line(label: str, name: str, filled: Filled, **more: str) -> str:
    value, error = filled.values.get(name, ""), filled.errors.get(name, "")
    return Field(name, label, value=value, error=error, **more).html  # type: ignore[arg-type]  # texts all


def _laid(t: Translator, title: str, body: str, filled: Filled) -> Response:
    """Put a title above, and under it what is to be said of the whole."""
    told = filled.errors.get("", "")
    above = alert(told) if told else ""
    if filled.note in _NOTES:
        above = alert(t(_NOTES[filled.note]), "done")
    shown = f"<h1>{escape(title)}</h1>{above}{body}"
    return page(t, title, shown, status=filled.status, look="narrow", headers=filled.headers)
