"""What all of the operator's pages have around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import HTMLResponse

from clinic_desktop import __version__
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.server.operator.markup import Child, Markup, el, icon, joined

PATH = "/operator"
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}


@dataclass(frozen=True, slots=True)
class View:
    """For whom a page is made: the language, the moment, and the word that its forms bring back; none before the login."""

    language: Language
    now: datetime
    form_token: str = ""

    def t(self, text: str) -> str:
        """A text in the browser's language; whoever asks has marked it."""
        return self.language.gettext(text)


def page(view: View, title: str, *parts: Child, status: int = 200, live: bool = False) -> HTMLResponse:
    """A whole page; a ``live`` one reads itself anew every few seconds."""
    language = view.language
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{title} · {view.language.gettext('Central server')}"),
        el("link", rel="icon", href=f"{PATH}/static/mark.svg", type="image/svg+xml"),
        el("link", rel="stylesheet", href=f"{PATH}/static/operator.css?{__version__}"),
        el("script", src=f"{PATH}/static/operator.js?{__version__}", defer=True),
    )
    body = el("body", _bar(view, live=live) if view.form_token else None, el("main", *parts, id="main"), data_live=live)
    direction = "rtl" if language.is_right_to_left else "ltr"
    text = joined(Markup("<!doctype html>"), el("html", head, body, lang=language.code, dir=direction))
    return HTMLResponse(text, status, headers=HEADERS)


def form(view: View, action: str, *parts: Child, **attributes: str | bool | None) -> Markup:
    """A form that is sent back to this host with the session's own word."""
    token = el("input", type="hidden", name="form_token", value=view.form_token)
    return el("form", token, *parts, method="post", action=PATH + action, autocomplete="off", **attributes)


def button(text: str, kind: str = "quiet", picture: str | None = None, **attributes: str | bool | None) -> Markup:
    """What sends a form."""
    return el("button", icon(picture) if picture else None, el("span", text), type="submit", class_=f"button {kind}", **attributes)


def link(text: str, to: str, kind: str = "quiet", picture: str | None = None) -> Markup:
    """A button that only goes somewhere."""
    return el("a", icon(picture) if picture else None, el("span", text), href=PATH + to, class_=f"button {kind}")


def field(label: str, control: Markup, problem: str | None = None, hint: str | None = None) -> Markup:
    """A labelled control, with what is wrong beneath it."""
    wrong = el("span", icon("triangle-alert"), problem, class_="problem", role="alert") if problem else None
    said = el("span", hint, class_="hint") if hint and not problem else None
    return el("label", el("span", label, class_="label"), control, wrong, said, class_="field wrong" if problem else "field")


def crumb(view: View) -> Markup:
    """The way back to the sites."""
    back = "chevron-right" if view.language.is_right_to_left else "chevron-left"
    return el("a", icon(back), el("span", view.language.gettext("All sites")), href=PATH, class_="crumb")


def _bar(view: View, *, live: bool) -> Markup:
    t = view.language
    name = el("a", el("span", icon("heart-pulse"), class_="mark"), el("span", t.gettext("Central server")), href=PATH, class_="name")
    old = t.gettext("Not updated: the server does not answer")
    beat = el("span", el("span", class_="dot"), el("span", t.gettext("Live"), class_="said"), class_="beat", role="status", data_old=old)
    leave = form(view, "/logout", button(t.gettext("Log out"), "quiet", "log-out"), class_="inline")
    return el("header", name, beat if live else None, el("span", class_="room"), leave, class_="bar")
