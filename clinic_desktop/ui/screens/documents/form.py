"""The form that describes a document, for new ones and for one that is there."""

from __future__ import annotations

from typing import Any

from clinic_desktop.clinic.patients.commands.documents import Description
from clinic_desktop.clinic.patients.queries import DocumentRow
from clinic_desktop.clinic.patients.rules import AccessLevel, DocumentCategory
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.documents.words import categories, levels
from clinic_desktop.ui.widgets import Choice, Form, LineEdit, Notes

_BETWEEN = ", "
_COMMAS = "،、;"


def description_form() -> Form:
    """Category, level, words: all but the first two may stay empty."""
    form = Form(columns=2)
    form.add("category", _("Kind"), Choice(_("Kind"), categories()), required=True)
    form.add("access_level", _("Who may open it"), Choice(_("Who may open it"), levels()), required=True)
    form.add("subcategory", _("What exactly"), LineEdit(limit=100, placeholder=_("such as panoramic X-ray")))
    form.add("tags", _("Tags, with commas between"), LineEdit(limit=500))
    form.add("description", _("Remarks"), Notes(_("Remarks"), lines=2), span=2)
    form["category"].set_value(DocumentCategory.FORMS_DOCUMENTS)
    form["access_level"].set_value(AccessLevel.STAFF)
    return form


def description_of(values: dict[str, Any]) -> Description:
    """What is typed, as the command takes it."""
    tags = values["tags"] or ""
    for other in _COMMAS:
        tags = tags.replace(other, ",")
    return Description(
        values["category"], values["access_level"], values["subcategory"], values["description"], tuple(tags.split(",")) if tags else ()
    )


def fill(form: Form, row: DocumentRow) -> None:
    """Put what is known of a document into the form."""
    form["category"].set_value(row.category)
    form["access_level"].set_value(row.access_level)
    form["subcategory"].setText(row.subcategory or "")
    form["tags"].setText(_BETWEEN.join(row.tags))
    form["description"].set_value(row.description)
