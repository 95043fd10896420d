"""What all pages share that the server writes: head and top, and the parts they are put together from.

Everything is escaped here or where it is put in; a page needs no script. ``Referrer-Policy: same-origin``, as
a form sent from a page that sends none has ``Origin: null`` (Fetch, "append a request Origin header").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse

from bot.i18n import Translator, mark

NAME = "qr-gen"
ABOUT = mark("Make, style, read and keep QR codes in a chat. Each one is read back before it leaves.")
SHADES = {"light": "#f3f5f6", "dark": "#0f1315"}  # of the ground, as base.css has it

_ICONS = """  <link rel="icon" href="/static/icon.svg" type="image/svg+xml">
  <link rel="apple-touch-icon" href="/static/touch.png">
  <link rel="manifest" href="/manifest.webmanifest">
  <link rel="stylesheet" href="/static/base.css">
  <link rel="stylesheet" href="/static/pages.css">"""

_HOME = f"""<a class="home" href="/">
      <img src="/static/icon.svg" alt="" width="32" height="32"> <span>{NAME}</span>
    </a>"""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a link to a page looks like in a chat: Open Graph (ogp.me), and X's cards beside it."""

    address: str
    image: str
    alt: str


def page(
    t: Translator,
    title: str,
    body: str,
    *,
    status: int = 200,
    nav: str = "",
    look: str = "",
    preview: Preview | None = None,
    scripts: str = "",
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Lay a page out; ``body`` and ``nav`` are escaped already. Nobody keeps it: it may be about somebody."""
    named = NAME if title == NAME else f"{title} · {NAME}"
    told = _preview(t, named, preview) if preview else '  <meta name="robots" content="noindex">'
    html = f"""<!doctype html>
<html lang="{t.language}" dir="ltr">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{escape(named)}</title>
{_shades()}
{told}
{_ICONS}{scripts}
</head>
<body class="page {look}">
  <a class="skip" href="#content">{escape(t("To the content"))}</a>
  <header>
    {_HOME}
    <nav aria-label="{escape(t("Pages"))}">{nav}</nav>
  </header>
  <main id="content" tabindex="-1">
{body}
  </main>
</body>
</html>
"""
    kept = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Content-Language": t.language}
    return HTMLResponse(html, status, {**kept, "Vary": "Accept-Language, Cookie", **(headers or {})})


def _shades() -> str:
    return "\n".join(
        f'  <meta name="theme-color" content="{colour}" media="(prefers-color-scheme: {scheme})">'
        for scheme, colour in SHADES.items()
    )


def _preview(t: Translator, title: str, preview: Preview) -> str:
    about = t(ABOUT)
    named = {"description": about, "twitter:card": "summary_large_image"}
    properties = {
        "og:type": "website", "og:site_name": NAME, "og:title": title, "og:description": about,
        "og:url": preview.address, "og:image": preview.image, "og:image:type": "image/png",
        "og:image:width": "1200", "og:image:height": "630", "og:image:alt": preview.alt,
    }  # fmt: skip
    lines = [f'  <meta name="{name}" content="{escape(value)}">' for name, value in named.items()]
    lines += [f'  <meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    return "\n".join([*lines, f'  <link rel="canonical" href="{escape(preview.address)}">'])


# --- parts --------------------------------------------------------------------------------------------------


def said(words: str, look: str = "") -> str:
    """Write a paragraph."""
    return f'<p class="{look}">{escape(words)}</p>' if look else f"<p>{escape(words)}</p>"


def link(address: str, label: str, look: str = "chip main") -> str:
    """Write a link that looks like a button."""
    return f'<a class="{look}" href="{escape(address)}">{escape(label)}</a>'


def card(title: str, inside: str, name: str) -> str:
    """Write a part of a page that has a heading; ``name`` is its id."""
    heading = f'<h2 id="{name}">{escape(title)}</h2>'
    return f'<section class="card" aria-labelledby="{name}">{heading}{inside}</section>'


def form(action: str, inside: str, label: str, look: str = "main") -> str:
    """Write a form that posts, with the button that sends it."""
    button = f'<div class="row"><button class="chip {look}">{escape(label)}</button></div>'
    return f'<form method="post" action="{escape(action)}">{inside}{button}</form>'


def hidden(name: str, value: str) -> str:
    """Write a value that goes along unseen."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">' if value else ""


@dataclass(frozen=True, slots=True)
class Field:
    """A line to fill in. ``error`` stands under it, ``hint`` above; a password is never given back."""

    name: str
    label: str
    type: str = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    autocomplete: str = "off"
    required: bool = True
    more: str = ""  # further attributes, as HTML
    prefix: str = ""  # of its id, where a page has several of this name

    @property
    def html(self) -> str:
        """Write it."""
        id = f"{self.prefix}{self.name}"
        told = {f"{id}-hint": self.hint, f"{id}-error": self.error}
        described = " ".join(each for each, text in told.items() if text)
        attributes = [
            f'id="{id}" name="{self.name}" type="{self.type}" autocomplete="{self.autocomplete}"',
            "" if self.type == "password" else f'value="{escape(self.value)}"',
            "required" if self.required else "",
            f'aria-describedby="{described}"' if described else "",
            'aria-invalid="true" autofocus' if self.error else "",
            self.more,
        ]
        hint = f'<small id="{id}-hint" class="muted">{escape(self.hint)}</small>' if self.hint else ""
        error = f'<span class="error" id="{id}-error">{escape(self.error)}</span>' if self.error else ""
        line = f"<input {' '.join(filter(None, attributes))}>"
        return f'<div class="field"><label for="{id}">{escape(self.label)}</label>{hint}{line}{error}</div>'


def alert(words: str, look: str = "refused") -> str:
    """Write a sentence that is read out when the page comes: what went wrong, or well."""
    return f'<p class="note {look}" role="{"alert" if look == "refused" else "status"}">{escape(words)}</p>'
