"""At each field that somebody else changed while this person was editing: what stands there now, or what stood there before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.registration import stale
from clinic_desktop.ui.screens.registration.form import PatientForm
from clinic_desktop.ui.widgets import Choice

Draft = Mapping[str, Any]


def tell_changed(form: PatientForm, base: Draft, mine: Draft, theirs: Draft) -> list[str]:
    """Say it at the fields, and return what they are called; all three are drafts of the form."""
    changed, names = set(stale.changed(base, theirs)), []
    for part, fields in (("main", form.main.fields), ("more", form.more.fields)):
        for name, field in fields.items():
            if name not in changed:
                continue
            names.append(field.label_text)
            was, typed, now = (draft[part][name] for draft in (base, mine, theirs))
            if typed in (was, now):
                said, told = _("Changed by somebody else. Before: {text}"), was
            else:
                said, told = _("Somebody else wrote here: {text}"), now
            field.set_hint(said.format(text=_worded(field.editor, told)))
    return names


def _worded(editor: QWidget, raw: Any) -> str:
    """The state of an editor as it stands there."""
    if isinstance(editor, Choice):
        return next((text for text, code in editor.offered() if code == raw), "–")
    return isolated(raw) if raw else "–"
