"""A screen like those of the departments, for the tests of the frame around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from clinic_desktop import wording
from clinic_desktop.clinic.organisation.commands import add_department
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.kernel.formats import money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import (
    BannerPatient,
    BusyButton,
    Button,
    Card,
    Choice,
    Form,
    LineEdit,
    MoneyEdit,
    Notes,
    Page,
    PatientBanner,
    PhoneField,
    Stat,
    row,
)

TONES = {"WAITING": Tone.NEUTRAL, "CALLED": Tone.INFO, "IN_PROGRESS": Tone.WARN, "COMPLETED": Tone.GOOD, "LEFT": Tone.BAD}
NAMES = ("Asha Kulkarni", "محمد عبد الله", "सुनीता देशपांडे", "Jean-Luc Fernandes", "<b>Ravi</b> Menon", "Farah Ansari", "Om Prakash")


@dataclass(frozen=True, slots=True)
class Ticket:
    id: int
    name: str
    status: str
    amount: Money


def tickets(count: int = 7) -> list[Ticket]:
    states = list(TONES)
    return [Ticket(n, NAMES[n % len(NAMES)], states[n % len(states)], Money(12_550 * (n + 1), "INR")) for n in range(count)]


COLUMNS = [
    Column("No.", lambda t: str(t.id), align=END, width=64, sort_key=lambda t: t.id),
    Column("Patient", lambda t: t.name, width=0),
    Column("Status", lambda t: wording.status(t.status), chip=lambda t: TONES[t.status], width=170),
    Column("Amount", lambda t: money_text(t.amount), align=END, width=130, sort_key=lambda t: t.amount.minor),
]


class ExampleScreen(Screen):
    """A banner, figures, a list and a form."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.opened: list[dict[str, Any]] = []
        self.refreshed = 0
        self.call = BusyButton(_("Call next"), icon_name="megaphone")
        self.call.setShortcut("F8")
        page = Page(self, _("Queue"), actions=[Button(_("Print"), icon_name="printer"), self.call], subtitle="Dr. Farah Ansari")
        banner = PatientBanner()
        banner.show_patient(BannerPatient("Asha Kulkarni", "PAT-2026-00017", "34 y", "Female", "Penicillin, peanuts", same_name=True))
        page.body.addWidget(banner)
        self.table = TableView(_("Waiting patients"), COLUMNS, empty=_("Nobody is waiting. Patients appear here when they are checked in."))
        self.form = Form(columns=1)
        self.form.add("name", _("Name"), LineEdit(), required=True)
        self.form.add("phone", _("Phone"), PhoneField(""))
        self.form.add("amount", _("Amount"), MoneyEdit("", "INR"))
        self.form.add("kind", _("Kind"), Choice("", [(_("Regular"), 1), (_("Emergency"), 2)]))
        self.form.add("notes", _("Notes"), Notes(""))
        card = Card(_("New walk-in"))
        card.setFixedWidth(300)
        card.body.addWidget(self.form)
        self.save = BusyButton(_("Add"))
        self.save.clicked.connect(self._save)
        card.body.addWidget(self.save)
        card.body.addStretch(1)
        left = Card()
        left.body.addLayout(row(Stat(_("Waiting"), "12"), Stat(_("Seen today"), "31"), Stat(_("Average wait"), "14 min"), gap=32))
        left.body.addWidget(self.table, 1)
        across = row(left, card, fill=True, gap=16)
        page.body.addLayout(across, 1)

    def refresh(self) -> None:
        self.refreshed += 1
        self.table.set_rows(tickets())

    def open(self, **what: Any) -> None:
        self.opened.append(what)

    def draft(self) -> dict[str, Any] | None:
        return self.form.draft() if self.form["name"].text() else None

    def restore(self, draft: dict[str, Any]) -> None:
        self.form.restore(draft)

    def _save(self) -> None:
        values = self.form.values()
        if values is not None:
            self.save.run(
                self.work, self, add_department, name=values["name"], then=lambda _id: self.desk.toast(_("Saved"), tone=Tone.GOOD)
            )


class PlainScreen(Screen):
    """Nothing but what the shell asks for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        Page(self, "Plain")
        self.opened: list[dict[str, Any]] = []

    def open(self, **what: Any) -> None:
        self.opened.append(what)


def find(session: Session, *, text: str, clinic_id: object, limit: int) -> list[Hit]:
    """Departments by name: a real read."""
    rows = [one for one in departments(session) if text.lower() in one.name.lower() or text == f"PAT-{one.name[:3].upper()}-001"]
    return [Hit(one.name, "PAT-2026-00001", one.id, {"department_id": one.id}) for one in rows[:limit]]
