"""The pages of a kiosk besides the pad and the rating: first page, who is it, today's visits, the ticket, a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from clinic_desktop.clinic.frontdesk.commands import ArrivalRow, GuestRow
from clinic_desktop.clinic.frontdesk.queries import KioskRow, KioskVisit
from clinic_desktop.clinic.frontdesk.rules import Coming
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, isolated, time_text
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.kiosk.growing import grown
from clinic_desktop.ui.kiosk.parts import Page, TouchButton, Words
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, KIOSK_NUMBER, KIOSK_TITLE

_IN_ONE_COLUMN = 2


def card(*parts: Words | TouchButton) -> QFrame:
    """Parts on a ground of their own."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(*(grown(GAP_16),) * 4)
    column.setSpacing(grown(GAP_8))
    for part in parts:
        column.addWidget(part)
    return frame


def wait_text(minutes: int | None, language: Language) -> str:
    """How long it will take, as one says it to a patient."""
    if minutes is None:
        return ""
    if minutes < 1:
        return language.gettext("You will be called soon.")
    return language.ngettext("about {n} minute to wait", "about {n} minutes to wait", minutes).format(n=minutes)


class StartPage(Page):
    """What everybody sees first."""

    def __init__(self, language: Language, clinic_name: str) -> None:
        _ = language.gettext
        super().__init__(language, _("Welcome"), clinic_name)
        picture = Words()
        picture.setPixmap(pixmap("scan-barcode", "accent", size=grown(96)))
        self.body.addWidget(card(picture, Words(_("Hold your card to the scanner"), bold=True)))
        self.by_phone = TouchButton(_("I have no card with me"), role="primary", icon_name="smartphone")
        self.rate = TouchButton(_("Rate my visit"), icon_name="smile")
        for button in (self.by_phone, self.rate):
            self.body.addWidget(button)


class WaysPage(Page):
    """How somebody without a card says which visit it was."""

    def __init__(self, language: Language) -> None:
        _ = language.gettext
        super().__init__(language, _("Which visit was it?"), _("Hold your card to the scanner, or choose:"))
        self.by_ticket = TouchButton(_("My ticket number"), icon_name="ticket")
        self.by_phone = TouchButton(_("My phone number"), icon_name="smartphone")
        for button in (self.by_ticket, self.by_phone):
            self.body.addWidget(button)


class WhoPage(Page):
    """``chosen(GuestRow)``: several of one family; a first name and an initial are all that is shown."""

    chosen = Signal(object)

    def __init__(self, language: Language, guests: Sequence[GuestRow]) -> None:
        super().__init__(language, language.gettext("Who are you?"))
        self.buttons = []
        for guest in guests:
            button = TouchButton(isolated(guest.name), icon_name="user")
            button.clicked.connect(partial(self._choose, guest))
            self.buttons.append(button)
            self.body.addWidget(button)

    def _choose(self, guest: GuestRow, _checked: bool = False) -> None:
        self.chosen.emit(guest)


class VisitsPage(Page):
    """Today's visits of one person; ``here(visit, button)``, ``rate(visit)``, ``number(doctor_id, button)``."""

    here = Signal(object, object)
    rate = Signal(object)
    number = Signal(object, object)

    def __init__(self, language: Language, name: str, row: KioskRow, timezone: str) -> None:
        super().__init__(language, language.gettext("Hello, {name}").format(name=isolated(name)))
        self._timezone = timezone
        self.arrive: dict[UUID, TouchButton] = {}
        for visit in row.visits:
            self.body.addWidget(self._visit(visit))
        self._say_nothing_today(row)
        self.doctors: dict[UUID, TouchButton] = {}
        self._offer(row)

    def _offer(self, row: KioskRow) -> None:
        """A button for each doctor; many of them side by side."""
        grid = QGridLayout()
        grid.setSpacing(grown(GAP_8))
        across = 1 if len(row.doctors) <= _IN_ONE_COLUMN else 2
        for place, (doctor_id, doctor) in enumerate(row.doctors):
            text = self.language.gettext("A number for {doctor}").format(doctor=isolated(doctor))
            button = self.doctors[doctor_id] = TouchButton(text if across == 1 else isolated(doctor), icon_name="ticket")
            button.setAccessibleName(text)
            button.clicked.connect(lambda _on, one=doctor_id: self.number.emit(one, self.doctors[one]))
            grid.addWidget(button, *divmod(place, across))
        if across > 1:
            self.body.addWidget(Words(self.language.gettext("Take a number:"), tone="muted"))
        self.body.addLayout(grid)

    def _say_nothing_today(self, row: KioskRow) -> None:
        _ = self.language.gettext
        if not row.visits:
            self.body.addWidget(Words(_("There is no appointment for you today."), bold=True))
        if not row.visits and row.next_at is not None:
            text = _("Your next appointment is on {day} at {time} with {doctor}.")
            day = date_text(business_date(row.next_at, self._timezone), self.language, weekday=True)
            self.body.addWidget(Words(text.format(day=day, time=self._time(row.next_at), doctor=isolated(row.next_doctor))))
        if not row.visits and not row.doctors:
            self.body.addWidget(Words(_("Please go to the reception desk."), tone="muted"))

    def _time(self, at: datetime) -> str:
        return isolated(time_text(at, self.language, timezone=self._timezone))

    def _visit(self, visit: KioskVisit) -> QFrame:
        parts: list[Words | TouchButton] = [Words(isolated(visit.doctor_name), bold=True)]
        if visit.is_booked:
            parts.append(Words(self.language.gettext("Appointment at {time}").format(time=self._time(visit.planned_at)), tone="muted"))
        parts.append(Words(self._standing(visit)))
        button = self._way(visit)
        return card(*parts, *([button] if button is not None else []))

    def _way(self, visit: KioskVisit) -> TouchButton | None:
        _ = self.language.gettext
        if visit.coming is Coming.HERE:
            button = self.arrive[visit.visit_id] = TouchButton(_("I am here"), role="primary", icon_name="check")
            button.clicked.connect(lambda _on: self.here.emit(visit, button))
            return button
        if visit.may_rate:
            button = TouchButton(_("Rate this visit"), role="primary", icon_name="smile")
            button.clicked.connect(lambda _on: self.rate.emit(visit))
            return button
        return None

    def _standing(self, visit: KioskVisit) -> str:
        _, language = self.language.gettext, self.language
        where = isolated(visit.room or "")
        room = _("Room {room}").format(room=where) if visit.room and visit.service_room is None else where
        waits = _("You wait for: {room}").format(room=isolated(visit.service_room)) if visit.service_room else ""
        number = _("Number {number}").format(number=visit.queue_number) if visit.queue_number else ""
        texts = {
            Coming.HERE: room,
            Coming.EARLY: _("It is too early to check in. Please come back later."),
            Coming.LATE: _("The time of this appointment has passed. Please go to the reception desk."),
            Coming.WAITING: "  ·  ".join(one for one in (number, waits or wait_text(visit.wait_minutes, language)) if one),
            Coming.CALLED: "  ·  ".join(one for one in (number, _("You are called now."), room) if one),
            Coming.INSIDE: _("You are with the doctor."),
            Coming.SEEN: _("This visit is over.") if visit.may_rate else _("This visit is over. Thank you for your rating."),
        }
        return texts.get(visit.coming, "")


class TicketPage(Page):
    """The number, large: where to sit, how long, whether paper comes."""

    def __init__(self, language: Language, arrival: ArrivalRow, doctor: str, room: str | None) -> None:
        _ = language.gettext
        super().__init__(language, _("Your number"))
        self.number = Words(str(arrival.queue_number), size=KIOSK_NUMBER, bold=True, tone="accent")
        # Figures have nothing below the line, whatever the tallest letters of the language take, and are not wrapped.
        self.number.setWordWrap(False)
        self.number.setFixedHeight(grown(KIOSK_NUMBER))
        place = _("Room {room}").format(room=isolated(room)) if room else ""
        self.body.addWidget(
            card(
                self.number,
                Words("  ·  ".join(one for one in (isolated(doctor), place) if one), size=KIOSK_TITLE - 6, bold=True),
                Words(wait_text(arrival.estimated_wait_minutes, language)),
            )
        )
        self.paper = Words(_("Please take a seat. Your number will be called."), tone="muted")
        self.body.addWidget(self.paper)

    def say_printed(self) -> None:
        """Paper is on its way."""
        self.paper.setText(self.language.gettext("Please take your ticket and a seat. Your number will be called."))


class MessagePage(Page):
    """One sentence, and what to do."""

    def __init__(self, language: Language, title: str, text: str, icon_name: str, tone: str = "accent") -> None:
        super().__init__(language, title)
        picture = Words()
        picture.setPixmap(pixmap(icon_name, tone, size=grown(80)))
        row = QHBoxLayout()
        row.addWidget(card(picture, Words(text)))
        self.body.addLayout(row)
