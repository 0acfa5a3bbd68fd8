"""What else wants a hand: appointments without a place, offers without an answer, doctors who are late, tomorrow's confirmations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.frontdesk.queries import DelayRow
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.booking.delay import delay_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import Button, Label


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of each there are."""

    new_times: int
    offers: int
    to_confirm: int
    late: list[DelayRow]


def standing(session: Any, *, clinic_id: UUID, today: date, now: datetime) -> Standing:
    """All of it in one go."""
    return Standing(
        new_times_needed(session, clinic_id=clinic_id, day=today, now=now),
        places_offered(session, clinic_id=clinic_id, day=today, now=now),
        unconfirmed_tomorrow(session, clinic_id=clinic_id, day=today, now=now),
        queries.doctors_late(session, clinic_id=clinic_id, day=today),
    )


def new_times_needed(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many appointments a leave or a holiday has overtaken."""
    return queries.needing_new_time_count(session, clinic_id=clinic_id, now=now)


def places_offered(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many offers are without an answer."""
    return queries.offers_count(session, clinic_id=clinic_id)


def unconfirmed_tomorrow(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many of tomorrow's patients have not confirmed."""
    return queries.to_confirm_count(session, clinic_id=clinic_id, day=day + timedelta(days=1))


class AlertButton(Button):
    """Gives its words up before it makes the window wider; its tooltip has them."""

    def __init__(self, text: str, icon_name: str) -> None:
        super().__init__(text, icon_name=icon_name, role="quiet")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # Qt's own of buttons does not shrink

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(scaled(40), super().minimumSizeHint().height())


class Alerts(QWidget):
    """Buttons beside the title, each there only while there is something behind it; ``wanted(name)`` of a dialog."""

    wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._zone = desk.place.timezone
        self.late = Label(tone="warn", wrap=True)
        """Who is late: for the place where the doctors' days are."""
        self.late.hide()
        self.buttons = {name: AlertButton(name, icon) for name, icon in _ICONS.items()}
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, one=name: self.wanted.emit(one))
            across.addWidget(button)
        self.hide()

    def show_standing(self, found: Standing) -> None:
        """Show what there is; nothing at all when there is nothing."""
        for name, count, text in (
            ("rebook", found.new_times, ngettext("{n} needs a new time", "{n} need a new time", found.new_times)),
            ("waiting", found.offers, ngettext("{n} place offered", "{n} places offered", found.offers)),
            ("confirm", found.to_confirm, ngettext("{n} to confirm for tomorrow", "{n} to confirm for tomorrow", found.to_confirm)),
        ):
            self.buttons[name].setText(text.format(n=number_text(count)))
            self.buttons[name].setToolTip(self.buttons[name].text())
            self.buttons[name].setVisible(bool(count))
        self.late.setText("  ".join(delay_text(one, self._zone) for one in found.late))
        self.late.setVisible(bool(found.late))
        self.setVisible(bool(found.new_times or found.offers or found.to_confirm))


_ICONS = {"rebook": "calendar-clock", "waiting": "list-ordered", "confirm": "phone"}
