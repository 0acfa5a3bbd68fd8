"""Attaching files: one description for all of them, one after the other, each with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from clinic_desktop import wording
from clinic_desktop.clinic.patients.commands.documents import Description
from clinic_desktop.clinic.patients.filing import attach_file
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import AccessLevel
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.store import LARGEST_DOCUMENT
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.documents.form import description_form, description_of
from clinic_desktop.ui.screens.documents.words import size_text
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Dialog, Label, keyed


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to attach, and what became of it."""

    path: Path
    size: int
    key: UUID
    is_attached: bool = False
    refusal: str = ""


def sizes_of(*, paths: Sequence[Path]) -> list[tuple[Path, int]]:
    """Files that are there, with their sizes; folders and what is no file are left out."""
    found = []
    for path in paths:
        with suppress(OSError):
            if path.is_file():
                found.append((path, path.stat().st_size))
    return found


def attach_path(*, db: Any, actor: Any, path: Path, patient_id: UUID, described: Description, key: UUID) -> UUID:
    """Read a file and attach it; one that is far too large is not even read."""
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise InvalidInput("file", "file_too_large", limit=LARGEST_DOCUMENT)
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput("file", "unreadable") from error
    return attach_file(db, actor, patient_id=patient_id, name=path.name, data=data, described=described, key=key)


class AttachDialog(Dialog):
    """Files and the form for them; ``attached(path)`` for each that is in the folder."""

    attached = Signal(object)

    def __init__(self, screen: Screen, patient: PatientRow, paths: Sequence[Path]) -> None:
        super().__init__(screen, _("Attach documents"), f"{patient.full_name} · {patient.patient_number}", width=620)
        self._screen, self._patient = screen, patient
        self.files: list[Wanted] = []
        self._is_cancelled = False
        self._described: Description | None = None
        self.table = TableView(_("Files"), _columns(), key=lambda one: one.key, empty=_("No file was chosen."), filterable=False)
        self.table.setMinimumHeight(scaled(150))
        self.form = description_form()
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.setTextVisible(False)
        self.bar.hide()
        for part in (self.table, self.form, self.bar, self.problem):
            self.body.addWidget(part)
        self.cancel = self.add_button(_("Cancel"), None, self.leave)
        self.attach = Button(_("Attach"), role="primary")
        self.attach.setDefault(True)
        keyed(self.attach, "Ctrl+Return")
        self.attach.clicked.connect(self._begin)
        self.attach.setEnabled(False)
        self.buttons.addWidget(self.attach)
        self.form["category"].setFocus()
        screen.work.background(self, sizes_of, then=self._list, paths=list(paths))
        screen.keep_typing(f"attach {patient.id}", self)

    def draft(self) -> dict[str, Any] | None:
        """The words typed; files are chosen anew. Nothing is lost of words that were used, even where a file was refused."""
        typed = self.form.draft()
        if self.files and all(one.is_attached or one.refusal for one in self.files):
            return None
        return {"form": typed} if typed["description"] or typed["tags"] or typed["subcategory"] else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put them back."""
        self.form.restore(draft["form"])

    def reject(self) -> None:
        """Stop after the file that is under way; what is attached stays attached."""
        self._is_cancelled = True
        super().reject()

    def _list(self, found: list[tuple[Path, int]]) -> None:
        self.files = [Wanted(path, size, new_id()) for path, size in found]
        self._tell()

    def _tell(self) -> None:
        self.table.set_rows(self.files)
        left = [one for one in self.files if not one.is_attached]
        self.attach.setEnabled(bool(left))
        self.attach.setText(ngettext("Attach {n} file", "Attach {n} files", len(left)).format(n=number_text(len(left))))
        keyed(self.attach, "Ctrl+Return")

    def _begin(self) -> None:
        self.problem.hide()
        values = self.form.values()
        if values is None:
            return
        self._described = description_of(values)
        self.files = [replace(one, refusal="") for one in self.files]
        self.form.setEnabled(False)
        self.attach.setEnabled(False)
        self.bar.setRange(0, len(self.files))
        self.bar.show()
        self._go_on(0)

    def _go_on(self, place: int) -> None:
        """Attach the next of the files that are not attached yet."""
        while place < len(self.files) and self.files[place].is_attached:
            place += 1
        self.bar.setValue(place)
        if self._is_cancelled or place == len(self.files) or self._described is None:
            self._end()
            return
        one, work = self.files[place], self._screen.work
        work.background(
            self,
            attach_path,
            then=lambda _key: self._became(place, replace(one, is_attached=True)),
            failed=lambda error: self._refused(place, one, error),
            db=work.db,
            actor=self._screen.desk.actor,
            path=one.path,
            patient_id=self._patient.id,
            described=self._described,
            key=one.key,
        )

    def _refused(self, place: int, one: Wanted, error: ClinicError) -> None:
        if error.field not in ("file", None) and self.form.refuse(error):
            self._end()  # a word of the form, the same for every file
        else:
            # A key of its own for the next try: of this one the answer is known.
            self._became(place, replace(one, refusal=wording.sentence(error), key=new_id()))

    def _became(self, place: int, one: Wanted) -> None:
        self.files[place] = one
        self.table.set_rows(self.files)
        if one.is_attached:
            self.attached.emit(one.path)
        self._go_on(place + 1)

    def _end(self) -> None:
        self.bar.hide()
        self.form.setEnabled(True)
        done, refused = sum(one.is_attached for one in self.files), [one for one in self.files if one.refusal]
        if done and not refused and done == len(self.files):
            said = ngettext("{n} document is in the folder.", "{n} documents are in the folder.", done).format(n=number_text(done))
            if self._described is not None and self._described.access_level in (AccessLevel.DOCTOR, AccessLevel.ADMIN):
                said += " " + _("Only those see it whom it is for.")
            self._screen.desk.toast(said, tone=Tone.GOOD)
            self.accept()
            return
        self._tell()
        if refused:
            self.problem.setText("\n".join(f"{one.path.name}: {one.refusal}" for one in refused[:5]))
            self.problem.show()
            self.cancel.setText(_("Close"))


def _columns() -> list[Column]:
    return [
        Column(_("File"), lambda one: one.path.name, width=0, tooltip=lambda one: one.refusal),
        Column(_("Size"), lambda one: size_text(one.size), align=END, width=90, sort_key=lambda one: one.size),
        Column(_("Status"), _status, chip=_tone, width=130),
    ]


def _status(one: Wanted) -> str:
    if one.is_attached:
        return _("Attached")
    return _("Refused") if one.refusal else _("Ready")


def _tone(one: Wanted) -> Tone:
    if one.is_attached:
        return Tone.GOOD
    return Tone.BAD if one.refusal else Tone.NEUTRAL
