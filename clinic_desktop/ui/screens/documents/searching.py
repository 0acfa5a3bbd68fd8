"""A document in the global search: whose it is, and a word of its name, tags or kind, as in \u201ckulkarni insurance\u201d."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.patients.queries import DocumentRow, documents_of, search, with_folder
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.finding import asked_by, named_by
from clinic_desktop.ui.screens.documents.words import attached_on
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.widgets import beside

_LEAST = 3
"""Letters of the word: fewer are still a part of the name."""
_FOLDERS = 3
"""Folders that are looked into: of the likeliest patients."""


def find_documents(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Of the patients whom all but the last word mean, the documents that begin with it somewhere; never one above somebody's level."""
    asker, (whose, _blank, word) = asked_by(session), text.strip().rpartition(" ")
    wanted = search_form(word)
    if asker is None or len(wanted) < _LEAST or not whose.strip():
        return []
    actor, now = asker
    people = named_by(session, whose, lambda: [(one.id, one.full_name) for one in search(session, whose, _FOLDERS)])[:_FOLDERS]
    filed = with_folder(session, patient_ids=[patient_id for patient_id, _name in people])
    hits: list[Hit] = []
    for patient_id, name in people:
        folder = documents_of(session, patient_id=patient_id, actor=actor, now=now) if patient_id in filed else []
        hits += [_hit(one, name) for one in folder if _says(one, wanted)]
    return hits[:limit]


def _says(one: DocumentRow, wanted: str) -> bool:
    kinds = (wording.status(one.category), one.subcategory or "", one.description or "")
    told = " ".join((one.name, *one.tags, *kinds)).replace("_", " ").replace("-", " ").replace(".", " ")
    return any(word.startswith(wanted) for word in search_form(told).split())


def _hit(one: DocumentRow, patient_name: str) -> Hit:
    opened: dict[str, UUID | str] = {"patient_id": one.patient_id, "part": "documents"}
    return Hit(
        f"{one.name}   {patient_name}",
        beside(wording.status(one.category), attached_on(one)),
        one.id,
        opened,
    )
