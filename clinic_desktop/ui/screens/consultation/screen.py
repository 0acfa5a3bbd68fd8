"""The doctor's room: the day's patients, one of them open, and one key for each next step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import convert, to_builtins
from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.clinical.events import ConsultationAmended, ConsultationSigned, VitalsRecorded
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.kernel.errors import ClinicError, StaleRecord
from clinic_desktop.kernel.formats import time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consultation.calls import Calls
from clinic_desktop.ui.screens.consultation.casework import Casework
from clinic_desktop.ui.screens.consultation.day_list import Side
from clinic_desktop.ui.screens.consultation.foot import Foot
from clinic_desktop.ui.screens.consultation.glance import Glance
from clinic_desktop.ui.screens.consultation.kept import KeptCase
from clinic_desktop.ui.screens.consultation.reading import Case, Day, Own, case_of, day_of, own
from clinic_desktop.ui.screens.consultation.signing import Signing
from clinic_desktop.ui.screens.consultation.tabs import CaseTabs
from clinic_desktop.ui.screens.privacy.glass import offer_break_glass
from clinic_desktop.ui.screens.queue.screen import QUEUE_EVENTS
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.screens.reception.words import banner_of
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_16, GAP_24, Tone
from clinic_desktop.ui.widgets import BannerPatient, EmptyState, PatientBanner, ask, keyed
from clinic_desktop.wording import sentence

_AGAIN_MS = 10_000


class ConsultationScreen(Screen):
    """Home of the doctor."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._own: Own | None = None
        self._draft: KeptCase | None = None
        self._coming: UUID | None = None
        """The visit that is being read: what is heard meanwhile must not bring back the one on screen."""
        # From the outside in: what is built apart and then put in its place is styled anew, with all that is in it, at each step.
        self.side, self.pages = Side(desk.place.timezone, self), QStackedWidget(self)
        self.days, self.call = self.side.days, self.side.call
        self._case = QWidget(self.pages)
        self.banner, self.glance = PatientBanner(self._case), Glance(desk.place.timezone, self._case)
        self.tabs = CaseTabs(self, self._case)
        self.notes, self.prescription, self.vitals, self.history = (
            self.tabs.notes,
            self.tabs.prescription,
            self.tabs.vitals,
            self.tabs.history,
        )
        self.foot = Foot(desk, self._case)
        self.casework = Casework(self, self.notes, self.prescription)
        self.signing = Signing(self, self.casework, self.notes, self.prescription, self.foot.sign)
        self.calls = Calls(self, self.casework, self.call, self.foot)
        self._lay_out()
        self._wire()
        self.watch(*QUEUE_EVENTS, VitalsRecorded, ConsultationSigned, ConsultationAmended)
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(lambda: self.refresh() if self.isVisible() else None)
        self._again.start()

    # Layout

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._case)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        for widget in (self.banner, self.glance):
            column.addWidget(widget)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.foot)
        self.pages.addWidget(EmptyState(_("Call the next patient with F8, or choose one of the list."), icon_name="stethoscope"))
        self.pages.addWidget(self._case)
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_24, GAP_16, GAP_24, GAP_16)
        across.setSpacing(GAP_24)
        across.addWidget(self.side)
        across.addWidget(self.pages, 1)
        begin_at(self, self.days)

    def _wire(self) -> None:
        keyed(self.call, "F8")
        self.call.setVisible(self.desk.may(commands.call_next))
        self.call.clicked.connect(lambda: self.calls.call_next())
        self.calls.called.connect(lambda visit_id: self.open(visit_id=visit_id))
        self.calls.changed.connect(self._reload)
        self.calls.refused.connect(self._refuse)
        self.days.opened.connect(lambda visit_id: self.open(visit_id=visit_id))
        self.prescription.templates_wanted.connect(self.signing.show_templates)
        self.vitals.take.clicked.connect(self._take_vitals)
        self.casework.state_changed.connect(self._tell_state)
        self.casework.refused.connect(self._refuse)
        self.signing.attend.connect(self.tabs.attend)
        self.signing.ended.connect(self._reload)
        self.signing.own_changed.connect(self._read_own)
        self._wire_foot()

    def _wire_foot(self) -> None:
        foot = self.foot
        for button, action in (
            (foot.recall, lambda: self.calls.do(foot.recall, commands.recall)),
            (foot.skip, lambda: self.calls.do(foot.skip, commands.skip)),
            (foot.call, self.calls.call_this),
            (foot.start, lambda: self.calls.do(foot.start, commands.start_consultation)),
            (foot.next, self.signing.book_next),
            (foot.print, self.signing.print_prescription),
            (foot.addendum, self.signing.ask_addendum),
            (foot.sign, self.signing.sign),
        ):
            button.clicked.connect(lambda _checked=False, act=action: act())
        for place in range(self.tabs.count()):
            self._key(f"Ctrl+{place + 1}", self.tabs.tabText(place), partial(self.tabs.setCurrentIndex, place))
        self._key("Ctrl+Return", _("Sign"), self.signing.sign)
        self._key("F2", _("Vital signs"), self._take_vitals)

    def _key(self, keys: str, does: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setWhatsThis(does)
        shortcut.activated.connect(lambda: action())

    # Reading

    def refresh(self) -> None:
        if self._own is None:
            self._read_own()
        elif self._own.doctor is not None:
            self.work.read(
                self,
                day_of,
                latest="day",
                then=self._show_day,
                clinic_id=self.desk.clinic_id,
                doctor_id=self._own.doctor.id,
                day=self.desk.today(),
                now=self.desk.now(),
            )
        self._reload()

    def _read_own(self) -> None:
        self.work.read(self, own, latest="own", then=self._show_own, user_id=self.desk.actor.user_id)

    def _show_own(self, found: Own) -> None:
        is_first, self._own = self._own is None, found
        self.signing.own, self.calls.doctor = found, found.doctor
        self.notes.diagnosis.offer_from(found.diagnoses)
        self.call.setVisible(found.doctor is not None and self.desk.may(commands.call_next))
        if found.doctor is None:
            self.side.waiting.setText(_("You are no doctor here"))
        elif is_first:
            self.refresh()

    def _show_day(self, day: Day) -> None:
        case = self.casework.case
        self.days.show_visits(day.rows, case.visit.visit_id if case is not None else None)
        self.side.waiting.setText(_("{n} waiting").format(n=day.waiting))
        self.desk.badge("consultation", day.waiting)

    def open(self, *, visit_id: UUID | None = None, **_what: Any) -> None:
        """Open a visit; what was typed for the former one is saved first."""
        if visit_id is not None:
            self.casework.flush(lambda: self._read_case(visit_id))

    def _reload(self) -> None:
        case = self.casework.case
        wanted = self._coming or (case.visit.visit_id if case is not None else None)
        if wanted is not None:
            self._read_case(wanted)

    def _read_case(self, visit_id: UUID) -> None:
        def failed(error: ClinicError) -> None:
            self._coming = None
            offer_break_glass(self, error, lambda: self._read_case(visit_id))

        self._coming = visit_id
        self.work.read(
            self,
            case_of,
            latest="case",
            then=self._show_case,
            failed=failed,
            visit_id=visit_id,
            day=self.desk.today(),
            actor=self.desk.actor,
            now=self.desk.now(),
        )

    def _show_case(self, case: Case) -> None:
        former, self._coming = self.casework.case, None
        is_same = former is not None and former.visit.visit_id == case.visit.visit_id
        self.banner.show_patient(self._banner(case))
        self.glance.show_summary(case.summary)
        self.vitals.show_vitals(case.vitals)
        self.foot.offer(case)
        self.pages.setCurrentIndex(1)
        if former is not None and is_same and former.is_open and case.is_open:
            self.casework.case = case  # somebody writes in it: only what surrounds the text is new
            return
        self.desk.record_read("patients", case.summary.patient.id, What.CLINICAL_RECORD)
        self.casework.take(case)
        self.history.show_case(case)
        self.days.mark(case.visit.visit_id)
        self._tell_state()
        if case.is_open:
            self.tabs.setCurrentIndex(0)
            self.notes.text("complaint").setFocus()
        self._put_back(case)

    def _put_back(self, case: Case) -> None:
        draft, self._draft = self._draft, None
        if draft is not None and draft.visit_id == case.visit.visit_id:
            self.casework.restore(draft)

    def _banner(self, case: Case) -> BannerPatient:
        patient = case.summary.patient
        plain = banner_of(patient, self.desk.today(), same_name=case.same_name)
        return BannerPatient(plain.name, plain.number, plain.age, plain.sex, case.summary.allergies, same_name=case.same_name)

    # Doing

    def _take_vitals(self) -> None:
        case = self.casework.case
        if case is not None and self.desk.may(clinical.record_vitals):
            VitalsDialog(self, case.visit.visit_id, self._banner(case)).open()

    def _refuse(self, error: ClinicError) -> None:
        if isinstance(error, StaleRecord) and error.params.get("entity") == "consultations":
            text = _("Somebody else has changed this consultation in the meantime. Your text is still here.")
            dialog = ask(self, _("Keep your text?"), text, yes=_("Keep mine"), no=_("Take the other"), then=self.casework.keep_mine)
            dialog.rejected.connect(self._take_other)
            return
        self.desk.toast(sentence(error), tone=Tone.WARN)
        self.refresh()

    def _take_other(self) -> None:
        case, self.casework.case = self.casework.case, None
        if case is not None:
            self._read_case(case.visit.visit_id)

    def _tell_state(self) -> None:
        work, now = self.casework, time_text(self.desk.now(), timezone=self.desk.place.timezone)
        is_other = work.case is not None and self._own is not None and self._own.is_other(work.case.visit)
        self.foot.tell(work.case, is_settled=work.is_settled, is_blocked=self.prescription.is_blocked, is_other=is_other, now=now)

    # Lock, logout, another language, a crash

    def draft(self) -> dict[str, Any] | None:
        kept = self._draft or self.casework.draft()
        return to_builtins(kept) if kept is not None and kept.notes is not None else None

    def whereabouts(self) -> dict[str, Any] | None:
        return to_builtins(self._draft or self.casework.draft())  # type: ignore[no-any-return]

    def restore(self, draft: dict[str, Any]) -> None:
        self._draft = convert(draft, KeptCase)
        self._read_case(self._draft.visit_id)
