"""One screen to register a patient from the keyboard in half a minute, and to edit one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import convert, to_builtins
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.queries import PatientHit, PatientRow
from clinic_desktop.clinic.patients.rules import PhoneTaken, phone_digits
from clinic_desktop.kernel.errors import ClinicError, StaleRecord
from clinic_desktop.kernel.formats import listed
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cards.printing import print_first_card
from clinic_desktop.ui.screens.reception.walk_in import WalkInDialog
from clinic_desktop.ui.screens.reception.words import banner_of
from clinic_desktop.ui.screens.registration import stale
from clinic_desktop.ui.screens.registration.beside import Beside
from clinic_desktop.ui.screens.registration.form import PatientForm, Relative
from clinic_desktop.ui.screens.registration.meanwhile import tell_changed
from clinic_desktop.ui.screens.registration.save_bar import SaveBar
from clinic_desktop.ui.screens.registration.saving import Saver
from clinic_desktop.ui.screens.registration.typed import Typed
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import Card, Label, Page, PatientBanner, ask, scrolled


class RegistrationScreen(Screen):
    """The form, who may already be registered beside it, and what follows the saving."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.editing: PatientRow | None = None
        self._base: dict[str, Any] = {}
        self._goes_without_phone = False
        self.form = PatientForm(desk)
        self.banner = PatientBanner()
        self.problem = Label(tone="bad", wrap=True)
        self.foot = SaveBar(desk)
        self.save = self.foot.save
        self.saver = Saver(self, self.save)
        self.beside = Beside(self, self.form)
        self.candidates, self.saved = self.beside.candidates, self.beside.saved
        self._lay_out()
        self._wire()
        self._new()

    def _lay_out(self) -> None:
        self.page = Page(self, _("Register a patient"))
        card = Card()
        card.body.addWidget(self.form)
        card.body.addWidget(self.problem)
        across = QHBoxLayout()
        across.setSpacing(GAP_16)
        paper = QWidget()
        above = QVBoxLayout(paper)
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(card)
        above.addStretch(1)
        self.page.body.addWidget(self.banner)
        self.page.body.addLayout(across, 1)
        scrolled(paper, across, 1)
        across.addWidget(self.beside)
        self.page.body.addWidget(self.foot)

    def _wire(self) -> None:
        self.foot.save_wanted.connect(self._save)
        self.saver.registered.connect(self._registered)
        self.saver.edited.connect(self._edited)
        self.saver.refused.connect(self._refused)
        begin_at(self, self.form.main["name"])
        self.foot.cancel_wanted.connect(self._ask_cancel)
        self.candidates.opened.connect(lambda patient: self.desk.open("patient", patient_id=patient.id))
        self.beside.relatives.chosen.connect(self._choose_relative)
        self.saved.next_wanted.connect(self._follow)
        self._pause = QTimer(self, singleShot=True, interval=150)
        self._pause.timeout.connect(self._look)
        self.candidates.found.connect(self._offer_number)
        self.form.changed.connect(self._changed)

    # Opening, drafts

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.form.main["name"].setFocus()

    def open(self, *, text: str = "", patient_id: UUID | None = None, **_what: Any) -> None:
        """Edit a patient, or register one with a name or phone that was typed elsewhere."""
        go = partial(self._edit, patient_id) if patient_id is not None else partial(self._new, text)
        if self._is_dirty() and (patient_id is not None or text):
            self._ask_leaving(_("Another patient stands here and is not saved yet."), go)
        elif patient_id is not None or text or self.editing is not None:
            go()

    def draft(self) -> dict[str, Any] | None:
        """What is typed and not saved."""
        return {"form": self.form.draft(), "base": self._base, "editing": to_builtins(self.editing)} if self._is_dirty() else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self._show_mode(convert(draft["editing"], PatientRow | None))
        self._base = draft["base"]
        self.form.restore(draft["form"])

    def _is_dirty(self) -> bool:
        now = self.form.draft()
        return any(now[part] != self._base[part] for part in stale.PARTS)

    def _new(self, text: str = "") -> None:
        self._show_mode(None)
        self.form.clear()
        self._base = self.form.draft()
        is_number = len(phone_digits(text)) >= 6
        self.form.main["phone" if is_number else "name"].setText(text)
        self.form.main["name"].setFocus()

    def _edit(self, patient_id: UUID) -> None:
        self.work.read(self, queries.patient, then=self._fill, patient_id=patient_id)

    def _fill(self, patient: PatientRow) -> None:
        self._show_mode(patient)
        self.form.fill(patient)
        self._base = self.form.draft()
        self.form.main["name"].setFocus()

    def _show_mode(self, editing: PatientRow | None) -> None:
        self.editing = editing
        self._goes_without_phone = False
        self._say("")
        self.page.title.setText(_("Register a patient") if editing is None else _("Edit the patient"))
        self.banner.setVisible(editing is not None)
        self.banner.show_patient(None if editing is None else banner_of(editing, self.desk.today()))
        if editing is not None:
            self.desk.photo_of(self, editing, lambda photo: self._show_photo(editing, photo))
        self.foot.show_mode(is_new=editing is None)
        self.form.main.fields["birth"].required = editing is None
        self.candidates.show_candidates([], is_typed=False)

    def _show_photo(self, patient: PatientRow, photo: bytes | None) -> None:
        if self.editing is not None and self.editing.id == patient.id:
            self.banner.show_photo(photo)

    def _ask_cancel(self) -> None:
        if self._is_dirty():
            self._ask_leaving(_("It is not saved."), self._leave)
        else:
            self._leave()

    def _ask_leaving(self, text: str, then: Callable[[], object]) -> None:
        ask(self, _("Leave what is typed?"), text, yes=_("Leave it"), no=_("Go on with it"), then=then, role="danger")

    def _leave(self) -> None:
        editing = self.editing
        self._new()
        if editing is not None:
            self.desk.open("patient", patient_id=editing.id)

    # While typing

    def _changed(self) -> None:
        self._goes_without_phone = False
        self.saved.hide()
        self._pause.start()

    def _look(self) -> None:
        self.candidates.look(self.form.main, exclude_id=self.editing.id if self.editing else None)

    def _offer_number(self) -> None:
        holder = self.candidates.with_same_phone
        if self.form.owner is None:
            self.form.offer_share(None if holder is None else Relative(holder.id, holder.full_name))

    def _choose_relative(self, hit: PatientHit) -> None:
        self.form.set_owner(Relative(hit.id, hit.full_name, hit.phone))
        self.form.family.clear()
        self.form.main["phone"].setFocus()

    # Saving

    def _save(self, following: str) -> None:
        if self.saver.is_busy:
            return
        if following and self.saved.patient is not None and not self.saved.isHidden():  # nothing is typed since: about whom was registered
            self._follow(following, self.saved.patient)
            return
        typed = self.form.typed()
        if typed is None or self._asks_for_phone(typed):
            return
        self._say("")
        owner = self.form.owner.id if self.form.owner else None
        if self.editing is None:
            self.saver.register(typed, owner, following)
        else:
            self.saver.edit(typed, self.editing, stale.changed(self._base, self.form.draft()), owner)

    def _asks_for_phone(self, typed: Typed) -> bool:
        """A missing number is asked for once: who has none is registered by saving again, and not by a double press."""
        if typed.phone is not None or self.editing is not None or self._goes_without_phone:
            return False
        self._goes_without_phone = True
        self.saver.answer()
        self.form.main.fields["phone"].set_error(_("Please enter a phone number. If there is none, save again."))
        self.form.main["phone"].setFocus()
        return True

    def _registered(self, following: str, patient: PatientRow) -> None:
        self._new()
        self._pause.stop()
        self.saved.show_patient(patient)
        said = _("{name} is registered as {number}.").format(name=patient.full_name, number=patient.patient_number)
        self.desk.toast(said, tone=Tone.GOOD)
        self._follow(following, patient)

    def _follow(self, what: str, patient: PatientRow) -> None:
        if what == "walk_in":
            WalkInDialog(self, patient.id, patient.full_name).open()
        elif what == "book":
            self.desk.open("booking", patient_id=patient.id)
        elif what == "card":
            print_first_card(self, patient.id)
        elif what == "open":
            self.desk.open("patient", patient_id=patient.id)

    def _edited(self, patient: PatientRow) -> None:
        self._new()
        self.desk.toast(_("{name} is saved.").format(name=patient.full_name), tone=Tone.GOOD)
        self.desk.open("patient", patient_id=patient.id)

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, StaleRecord) and self.editing is not None:
            self.work.read(self, queries.patient, then=self._merge, patient_id=self.editing.id)
            return
        if not self.form.refuse(error):
            self._say(wording.sentence(error))
        if isinstance(error, PhoneTaken):
            self.form.offer_share(Relative(UUID(str(error.params["patient_id"])), str(error.params["full_name"])))

    def _merge(self, theirs: PatientRow) -> None:
        """Somebody else saved first: keep what is typed, take over what they changed elsewhere, and say so."""
        mine, base = self.form.draft(), self._base
        self._fill(theirs)
        self.form.restore(stale.merged(base, mine, self._base))
        names = tell_changed(self.form, base, mine, self._base)
        text = _("Somebody else has changed this patient in the meantime ({fields}). What you typed is kept: look at it and save again.")
        self._say(text.format(fields=listed(names) or _("nothing that stands here")))

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
