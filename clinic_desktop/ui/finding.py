"""What the global search asks and what its lines are: things by kind, what can be done with a name, pages, and the latest ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.named import Named, Person
from clinic_desktop.ui.spec import Hit, ScreenSpec, SearchSpec, VerbSpec

if TYPE_CHECKING:
    from clinic_desktop.kernel.security import Actor

PER_KIND = 6
_TODAY, _ASKER, _NOW, _NAMED = "asked_on", "asked_by", "asked_at", "named"
_LEAST = 3
"""Letters from which the beginning of a verb is taken for it."""
PEOPLE = "patients"
"""The search that answers a verb which is done with somebody."""


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the popup: a hit, or a heading when ``hit`` is None."""

    title: str
    detail: str
    icon: str
    screen: str
    hit: Hit | None

    @property
    def said(self) -> str:
        """The line for screen readers."""
        parts = (self.title, self.detail, self.hit.mark if self.hit else "")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question found: by kind, and whom a verb may be done with."""

    by_kind: list[tuple[SearchSpec, list[Hit]]]
    by_verb: list[tuple[VerbSpec, list[Hit]]]


def asked_on(session: Any) -> date:
    """The clinic's day on which a search is asked: for ages, and cards that are valid until a day."""
    return session.info[_TODAY]  # type: ignore[no-any-return]


def with_warning(hit: Hit, fault: ClinicError | None) -> Hit:
    """A hit of a scanned card, which says what is wrong with that before it is opened."""
    return hit if fault is None else replace(hit, mark=_("Card not valid"), warning=wording.sentence(fault))


def asked_by(session: Any) -> tuple[Actor, datetime] | None:
    """Who asks, and when: for what is not open to everybody who may search its kind."""
    asker = session.info.get(_ASKER)
    return None if asker is None else (asker, session.info[_NOW])


def named_by(session: Any, text: str, find: Callable[[], Sequence[Person]]) -> Sequence[Person]:
    """Whom a text means, as the box has found a moment ago; else as ``find`` does now."""
    named, now = cast("Named", session.info[_NAMED]), session.info[_NOW]
    people = named.of(text, now)
    if people is None:
        people = find()
        named.keep(text, people, now)
    return people


def find_all(
    session: Any,
    *,
    specs: Sequence[SearchSpec],
    text: str,
    clinic_id: UUID,
    today: date,
    verbs: Sequence[tuple[VerbSpec, str]] = (),
    actor: Actor | None = None,
    now: datetime | None = None,
    named: Named | None = None,
) -> Answer:
    """Ask every kind in one read; importing what finds happens here, off the UI thread."""
    named = Named() if named is None else named
    session.info.update({_TODAY: today, _ASKER: actor, _NOW: now, _NAMED: named})
    by_kind = [(spec, spec.query()(session, text=text, clinic_id=clinic_id, limit=PER_KIND)) for spec in specs]
    for spec, hits in by_kind:
        if spec.code == PEOPLE and now is not None:
            named.keep(text, [(hit.key, hit.title) for hit in hits], now)
    people = next((spec for spec in specs if spec.code == PEOPLE), None)
    by_verb: list[tuple[VerbSpec, list[Hit]]] = []
    for verb, rest in verbs:
        if verb.takes == "patient" and rest and people is not None:
            by_verb.append((verb, people.query()(session, text=rest, clinic_id=clinic_id, limit=PER_KIND)))
    return Answer(by_kind, by_verb)


def meant_verbs(text: str, verbs: Sequence[VerbSpec]) -> list[tuple[VerbSpec, str]]:
    """The verbs that a text begins with, and what stands behind each: ``book asha`` is booking, and Asha."""
    first, _blank, rest = text.strip().partition(" ")
    typed = search_form(first)
    if len(typed) < _LEAST:
        return []
    return [(verb, rest.strip()) for verb in verbs if any(word.startswith(typed) for word in _words(verb))]


def _words(verb: VerbSpec) -> list[str]:
    """How a verb may be typed: in the language of the program, or in English."""
    return [search_form(word) for word in (*_(verb.words).split(","), *verb.words.split(",")) if word.strip()]


def lines_of(text: str, answer: Answer, verbs: Sequence[tuple[VerbSpec, str]], screens: Sequence[ScreenSpec]) -> list[Found]:
    """The popup's lines, in the order of their likelihood."""
    verb_lines = [line for verb, rest in verbs for line in _of_verb(verb, rest, answer)]
    kind_lines: list[Found] = []
    for spec, hits in answer.by_kind:
        if hits:
            kind_lines.append(Found(_(spec.title), "", spec.icon, spec.screen, None))
            kind_lines += [Found(hit.title, hit.detail, spec.icon, spec.screen, hit) for hit in hits]
    is_whole_verb = any(search_form(text).split()[:1] == [word] for verb, _rest in verbs for word in _words(verb))
    head = [Found(_("Do"), "", "arrow-right", "", None)] if verb_lines else []
    lines = [*head, *verb_lines, *kind_lines] if is_whole_verb else [*kind_lines, *head, *verb_lines]
    places = [spec for spec in screens if search_form(text) in search_form(_(spec.title))]
    if places:
        lines.append(Found(_("Go to"), "", "arrow-right", "", None))
        lines += [Found(_(one.title), "", one.icon, one.code, Hit(_(one.title), "", one.code)) for one in places]
    return lines


def _of_verb(verb: VerbSpec, rest: str, answer: Answer) -> list[Found]:
    if verb.takes == "patient" and rest:
        hits = next((hits for spec, hits in answer.by_verb if spec is verb), [])
        done = [replace(hit, title=_(verb.with_name).format(name=hit.title)) for hit in hits]
        return [Found(hit.title, hit.detail, verb.icon, verb.screen, hit) for hit in done]
    if verb.takes == "text" and rest:
        title = _(verb.with_name).format(name=rest)
        return [Found(title, "", verb.icon, verb.screen, Hit(title, "", verb.code, {"text": rest}))]
    return [Found(_(verb.title), "", verb.icon, verb.screen, Hit(_(verb.title), "", verb.code))]


def latest_lines(latest: Sequence[Found]) -> list[Found]:
    """What was opened last, for a box with nothing in it."""
    return [Found(_("Opened last"), "", "history", "", None), *latest] if latest else []
