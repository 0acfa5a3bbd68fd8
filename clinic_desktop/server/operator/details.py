"""The operator's other pages: logging in, one site, a new site's code, and what is parked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinic_desktop.kernel.formats import datetime_text, number_text
from clinic_desktop.server.operator.frame import View, button, crumb, field, form, link
from clinic_desktop.server.operator.markup import Child, Markup, el, icon, joined
from clinic_desktop.server.operator.overview import badge
from clinic_desktop.server.operator.words import PARKED, ago, agreed
from clinic_desktop.sync.overseeing import ParkedRow, SiteRow

Problems = Mapping[str, str]
"""What is wrong, by the name of the field; under "" what no field is at fault for."""


def login(view: View, problems: Problems) -> Markup:
    """The door."""
    t = view.language
    password = el("input", type="password", name="password", autocomplete="current-password", required=True, autofocus=True, maxlength=512)
    return el(
        "div",
        el("span", icon("heart-pulse"), class_="mark"),
        el("h1", t.gettext("Central server")),
        form(
            view,
            "/login",
            field(t.gettext("Operator's password"), password, problems.get("password")),
            button(t.gettext("Log in"), "primary"),
        ),
        class_="door card",
    )


def site(view: View, one: SiteRow, problems: Problems, typed: Mapping[str, str]) -> Markup:
    """One site: how it stands, who it is, and the way to shut it out."""
    t = view.language
    facts: list[tuple[str, Child]] = [
        (t.gettext("Last contact"), ago(one.heard_at, view.now, t)),
        (t.gettext("Clinics"), ", ".join(one.clinics) or "–"),
        (t.gettext("Keeps reference data"), t.gettext("Yes") if one.keeps_shared_data else t.gettext("No")),
        (t.gettext("Own newest entry"), number_text(one.head_seq, t)),
        (t.gettext("Taken up to"), number_text(one.taken_seq, t)),
        (t.gettext("To send when last heard of"), number_text(one.unsent, t)),
        (t.gettext("Has read up to"), number_text(one.read_seq, t)),
        (t.gettext("To read"), number_text(one.lag, t)),
        (t.gettext("Parked"), number_text(one.parked, t)),
        (t.gettext("Open conflicts"), number_text(one.conflicts, t)),
        (t.gettext("Compared"), agreed(one.compared_at, one.agrees, view.now, t)),
        (t.gettext("Program"), f"{one.program} · {one.revision}"),
        (t.gettext("Database"), el("code", str(one.database_id))),
        (t.gettext("Enrolled"), f"{datetime_text(one.enrolled_at, t, timezone='UTC')} UTC"),
    ]
    table = el("dl", *[joined(el("dt", name), el("dd", value)) for name, value in facts], class_="facts card")
    top = el("div", el("h1", el("span", one.code, class_="code"), one.name), badge(view, one.state(view.now)), class_="top")
    return joined(crumb(view), top, table, _revoked(view, one) if one.revoked_at else _revoking(view, one, problems, typed))


def _revoked(view: View, one: SiteRow) -> Markup:
    t = view.language
    assert one.revoked_at is not None
    when = f"{datetime_text(one.revoked_at, t, timezone='UTC')} UTC"
    said = t.gettext("Revoked on {when}: {reason}").format(when=when, reason=one.revoked_reason)
    advice = t.gettext("Its work goes on without contact. To take it in again, make a new code for it.")
    again = link(t.gettext("New code"), f"/sites/new?again={one.code}", "quiet", "key-round")
    return el("section", el("p", said), el("p", advice, class_="muted"), again, class_="card padded")


def _revoking(view: View, one: SiteRow, problems: Problems, typed: Mapping[str, str]) -> Markup:
    t = view.language
    said = t.gettext("The site is refused at once. What it has sent stays; what it had not sent stays with it.")
    sure = t.gettext("Type {code} to confirm").format(code=one.code)
    reason = el("input", name="reason", required=True, maxlength=200, value=typed.get("reason", ""))
    confirm = el(
        "input", name="confirm", required=True, maxlength=5, class_="short", data_confirms=one.code, value=typed.get("confirm", "")
    )
    inside = form(
        view,
        f"/sites/{one.site_id}/revoke",
        field(t.gettext("Reason"), reason, problems.get("reason")),
        field(sure, confirm, problems.get("confirm")),
        button(t.gettext("Revoke this site"), "danger", "lock"),
    )
    again = link(t.gettext("New code"), f"/sites/new?again={one.code}", "quiet", "key-round")
    lost = el("p", t.gettext("Its computer is lost or new? A new code gives the site a new key."), class_="muted")
    return joined(
        el("section", el("h2", t.gettext("New key")), lost, again, class_="card padded"),
        el("section", el("h2", t.gettext("Revoke")), el("p", said, class_="muted"), inside, class_="card padded grave"),
    )


def new_site(view: View, problems: Problems, typed: Mapping[str, str], again: SiteRow | None) -> Markup:
    """Where a code is made."""
    t = view.language
    code = el(
        "input", name="code", required=True, maxlength=5, class_="short caps", value=typed.get("code", ""), readonly=again is not None
    )
    name = el("input", name="name", required=True, maxlength=80, value=typed.get("name", ""))
    keeps = el("input", type="checkbox", name="keeps", value="yes", checked=bool(typed.get("keeps")))
    kept_said = t.gettext("Keeps reference data (prices, medicines, users) for all sites")
    short = t.gettext("Two to five capitals and digits: it will stand in the numbers that the site gives out.")
    inside = form(
        view,
        "/sites/new",
        el("input", type="hidden", name="again", value="yes") if again is not None else None,
        field(t.gettext("Site code"), code, problems.get("code"), short),
        field(t.gettext("Name"), name, problems.get("name")),
        None if again is not None else el("label", keeps, el("span", kept_said), class_="tick"),
        button(t.gettext("Make a code"), "primary", "key-round"),
    )
    title = t.gettext("New site") if again is None else t.gettext("New code for {site}").format(site=again.name)
    return joined(crumb(view), el("h1", title), el("section", inside, class_="card padded"))


def shown_code(view: View, code: str, site_code: str, name: str, address: str) -> Markup:
    """The code, once."""
    t = view.language
    said = t.gettext(
        "Enter this at the clinic together with the address of this server. It works once, for 72 hours, and is not shown again."
    )
    where = el("p", el("span", t.gettext("Address"), class_="label"), " ", el("code", address, dir="ltr"))
    box = el("output", code, class_="secret", id="code", dir="ltr")
    done = t.gettext("Copied")
    copy = el(
        "button", icon("copy"), el("span", t.gettext("Copy")), type="button", class_="button quiet", data_copies="code", data_done=done
    )
    title = t.gettext("Code for {site}").format(site=f"{site_code} · {name}")
    return joined(crumb(view), el("h1", title), el("section", el("p", said), where, box, copy, class_="card padded"))


def parked(view: View, rows: Sequence[ParkedRow], problems: Problems) -> Markup:
    """What could not be taken, with the two ways out."""
    t = view.language
    said = t.gettext("A change that could not be taken waits here with all that depends on it; everything else flows on.")
    trouble = el("p", icon("triangle-alert"), problems[""], class_="problem", role="alert") if problems.get("") else None
    empty = el("div", icon("circle-check"), el("p", t.gettext("Nothing is parked.")), class_="empty card")
    listed = el("div", *[_parked(view, one) for one in rows], class_="stack") if rows else empty
    return joined(crumb(view), el("h1", t.gettext("Parked changes")), el("p", said, class_="muted"), trouble, listed)


def _parked(view: View, one: ParkedRow) -> Markup:
    t = view.language
    known = PARKED.get(one.reason)
    why = t.gettext(known) if known else t.gettext("Could not be taken ({code}).").format(code=one.reason)
    where = t.gettext("Entry {seq} of {site}, {ago}").format(
        seq=number_text(one.origin_seq, t), site=one.site_code, ago=ago(one.parked_at, view.now, t)
    )
    retry = form(view, f"/parked/{one.id}/retry", button(t.gettext("Try again"), "quiet", "refresh-cw"), class_="inline")
    sure = el(
        "input", name="confirm", required=True, maxlength=5, class_="short", data_confirms=one.site_code, aria_label=t.gettext("Site code")
    )
    drop = form(view, f"/parked/{one.id}/discard", sure, button(t.gettext("Discard"), "danger", "trash-2"), class_="inline")
    told = t.gettext("To discard it, type {code}. The site keeps its own version until a person decides there.").format(code=one.site_code)
    folded = el("details", el("summary", t.gettext("Discard …")), el("p", told, class_="muted"), drop)
    detail = el("p", el("code", one.detail), class_="muted") if one.detail else None
    return el(
        "article",
        el("p", el("strong", why)),
        el("p", where, class_="muted"),
        detail,
        el("div", retry, folded, class_="ways"),
        class_="card padded",
    )
