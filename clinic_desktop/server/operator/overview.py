"""The operator's first page: what needs attention, then every site, read anew while it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic_desktop.kernel.formats import datetime_text, number_text
from clinic_desktop.server.operator.frame import PATH, View, link
from clinic_desktop.server.operator.markup import Child, Markup, el, icon, joined
from clinic_desktop.server.operator.words import STATES, ago, agreed, left
from clinic_desktop.sync import overseeing
from clinic_desktop.sync.overseeing import OpenCodeRow, SiteRow, State


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the first page shows."""

    sites: list[SiteRow]
    codes: list[OpenCodeRow]
    head: int
    conflicts_of_nobody: int


def look(session: Session, view: View) -> Seen:
    """Read it."""
    codes, head = overseeing.open_codes(session, view.now), overseeing.head_of(session)
    return Seen(overseeing.sites(session), codes, head, overseeing.conflicts_of_nobody(session))


def parts(view: View, seen: Seen) -> dict[str, Markup]:
    """The parts that are read anew, by the id of the element that holds each."""
    return {"summary": _summary(view, seen), "sites": _sites(view, seen.sites), "codes": _codes(view, seen.codes)}


def alarms(view: View, seen: Seen) -> int:
    """How many sites are silent."""
    return sum(one.state(view.now) in (State.SILENT, State.LOST) for one in seen.sites)


def body(view: View, seen: Seen) -> Markup:
    """The whole first page."""
    t = view.language
    found = parts(view, seen)
    top = el(
        "div",
        el("h1", t.gettext("Sites")),
        el("span", class_="room"),
        link(t.gettext("New site"), "/sites/new", "primary", "plus"),
        class_="top",
    )
    held = [el("div", found[name], id=name) for name in ("summary", "sites", "codes")]
    return joined(top, *held)


def badge(view: View, state: State) -> Markup:
    """How a site stands: colour, icon and word."""
    word, colour, picture = STATES[state]
    return el("span", icon(picture), view.t(word), class_=f"badge {colour}")


def _summary(view: View, seen: Seen) -> Markup:
    t, live = view.language, [one for one in seen.sites if one.revoked_at is None]
    states = [one.state(view.now) for one in live]
    lost, silent = states.count(State.LOST), states.count(State.SILENT)
    parked, conflicts = sum(one.parked for one in live), sum(one.conflicts for one in live) + seen.conflicts_of_nobody
    well = t.gettext("{n} of {all}").format(n=number_text(states.count(State.WELL), t), all=number_text(len(live), t))
    tiles = [
        _tile(t.gettext("Up to date"), well, "good" if live and states.count(State.WELL) == len(live) else ""),
        _tile(t.gettext("No contact for 30 minutes"), number_text(lost, t), "bad" if lost else ""),
        _tile(t.gettext("Silent for 10 minutes"), number_text(silent, t), "warn" if silent else ""),
        _tile(t.gettext("Parked changes"), number_text(parked, t), "warn" if parked else "", to="/parked"),
        _tile(t.gettext("Open conflicts"), number_text(conflicts, t), ""),
        _tile(t.gettext("Newest entry"), number_text(seen.head, t), ""),
    ]
    return el("div", *tiles, class_="tiles")


def _tile(label: str, figure: str, colour: str, to: str | None = None) -> Markup:
    inside = (el("span", figure, class_="figure"), el("span", label, class_="label"))
    return el("a", *inside, href=PATH + to, class_=f"tile {colour}") if to else el("div", *inside, class_=f"tile {colour}")


def _sites(view: View, sites: Sequence[SiteRow]) -> Markup:
    t = view.language
    if not sites:
        said = t.gettext("No site is enrolled yet. Make a code, and enter it at the clinic: the first site brings its data.")
        return el("div", icon("cloud"), el("p", said), class_="empty card")
    heads = (
        *(t.gettext("State"), t.gettext("Site"), t.gettext("Last contact"), t.gettext("To read"), t.gettext("To send")),
        *(t.gettext("Taken up to"), t.gettext("Parked"), t.gettext("Conflicts"), t.gettext("Compared")),
    )
    head = el("tr", *[el("th", one, scope="col", class_=_kind(place)) for place, one in enumerate(heads)])
    rows = [_site(view, one, heads) for one in sorted(sites, key=lambda one: _gravity(view, one))]
    return el("div", el("table", el("thead", head), el("tbody", *rows), class_="sites"), class_="card")


def _gravity(view: View, one: SiteRow) -> tuple[int, str]:
    order = (State.LOST, State.SILENT, State.BEHIND, State.WELL, State.REVOKED)
    return order.index(one.state(view.now)), one.code


def _site(view: View, one: SiteRow, heads: Sequence[str]) -> Markup:
    t, state = view.language, one.state(view.now)
    shown: tuple[Child, ...] = (
        badge(view, state),
        el("a", el("span", one.code, class_="code"), el("span", one.name, class_="called"), href=f"{PATH}/sites/{one.site_id}"),
        el("time", ago(one.heard_at, view.now, t), datetime=one.heard_at.isoformat(), title=datetime_text(one.heard_at, t, timezone="UTC")),
        number_text(one.lag, t),
        number_text(one.unsent, t),
        number_text(one.taken_seq, t),
        number_text(one.parked, t),
        number_text(one.conflicts, t),
        agreed(one.compared_at, one.agrees, view.now, t),
    )
    is_nothing = (False, False, False, not one.lag, not one.unsent, False, not one.parked, not one.conflicts, one.compared_at is None)
    wants = (False, False, False, False, False, False, one.parked > 0, one.conflicts > 0, one.agrees is False)
    marks = [" ".join([_kind(n) or "", "nothing" * is_nothing[n], "wants" * wants[n]]).strip() or None for n in range(len(shown))]
    cells = [el("td", child, data_label=heads[n], class_=marks[n]) for n, child in enumerate(shown)]
    return el("tr", *cells, class_=f"is-{STATES[state][1]}", data_site=one.code)


def _kind(place: int) -> str | None:
    """The class of a column's cells."""
    return "number" if 2 < place < 8 else None


def _codes(view: View, codes: Sequence[OpenCodeRow]) -> Markup:
    t = view.language
    if not codes:
        return Markup("")
    lines = [
        el(
            "li",
            el("span", one.site_code, class_="code"),
            el("span", one.site_name),
            el("span", t.gettext("The server has a new key: make another code"), class_="wants")
            if one.is_lost
            else el("span", left(one.expires_at, view.now, t), class_="muted"),
        )
        for one in codes
    ]
    return el("section", el("h2", t.gettext("Codes that were not used yet")), el("ul", *lines, class_="lines card"))
