"""The list of a patient's documents."""

from __future__ import annotations

from clinic_desktop import wording
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.documents.thumbs import Thumbs
from clinic_desktop.ui.screens.documents.words import access_tone, attached_on
from clinic_desktop.ui.table import Column, TableView


def documents_table(thumbs: Thumbs, *, may_attach: bool) -> TableView:
    """Names with their small pictures, kinds, for whom, since when."""
    nothing = _("No documents yet. Drop files here, or press F2 to choose some.") if may_attach else _("No documents yet.")
    return TableView(_("Documents"), _columns(thumbs), empty=nothing, empty_icon="folder-open")


def _columns(thumbs: Thumbs) -> list[Column]:
    return [
        Column(_("File"), lambda one: one.name, width=0, tooltip=lambda one: one.description or one.name, picture=thumbs.picture),
        Column(_("Kind"), lambda one: one.subcategory or wording.status(one.category), width=140),
        Column(_("For"), lambda one: wording.status(one.access_level), chip=access_tone, width=150),
        Column(_("Tags"), lambda one: ", ".join(one.tags), width=110, hidden=True),
        Column(_("Date"), attached_on, width=106, sort_key=lambda one: one.attached_at),
    ]
