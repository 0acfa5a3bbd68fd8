"""The kiosk in the main window: which page follows which; nothing of a person stays once the page is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow, GuestRow, Recognised
from clinic_desktop.clinic.frontdesk.queries import KioskRow, KioskVisit
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.kiosk.frame import KioskFrame
from clinic_desktop.ui.kiosk.pad import PadPage
from clinic_desktop.ui.kiosk.pages import MessagePage, StartPage, TicketPage, VisitsPage, WaysPage, WhoPage
from clinic_desktop.ui.kiosk.parts import TouchButton
from clinic_desktop.ui.kiosk.printing import TicketPrinter
from clinic_desktop.ui.kiosk.rating import RatingPage
from clinic_desktop.ui.work import Work

_OLDEST = 130


class Kiosk(KioskFrame):
    """Check-in, waiting time and rating; it asks the clinic for nothing else."""

    def __init__(self, work: Work, place: Place) -> None:
        self._is_rating = False
        super().__init__(work, place)
        self.printer = TicketPrinter(work, place, self)
        self.printer.sent.connect(self._say_printed)

    def _start_page(self) -> StartPage:
        self._is_rating = False
        page = StartPage(self.language, self._place.clinic_name)
        page.by_phone.clicked.connect(lambda _on: self._ask_phone())
        page.rate.clicked.connect(lambda _on: self._ask_which())
        return page

    # Who is it

    def scanned(self, code: str) -> None:
        """A card was held to the scanner."""
        if self.page is not None and not isinstance(self.page, (TicketPage, RatingPage)):
            self._recognise(card=code)

    def _ask_which(self) -> None:
        self._is_rating = True
        page = WaysPage(self.language)
        page.by_phone.clicked.connect(lambda _on: self._ask_phone())
        page.by_ticket.clicked.connect(lambda _on: self._ask_ticket())
        self._show(page)

    def _ask_phone(self) -> None:
        _ = self.language.gettext
        page = PadPage(self.language, _("Your phone number"), _("The one that the clinic has of you"), fewest=7, most=15)
        page.entered.connect(lambda digits: self._ask_year(phone=digits))
        self._show(page)

    def _ask_ticket(self) -> None:
        page = PadPage(self.language, self.language.gettext("The number on your ticket"), "", fewest=1, most=6)
        page.entered.connect(lambda digits: self._ask_year(ticket=int(digits)))
        self._show(page)

    def _ask_year(self, **known: Any) -> None:
        _ = self.language.gettext
        page = PadPage(self.language, _("The year of your birth"), _("Four digits, such as 1985"), fewest=4, most=4)

        def entered(digits: str) -> None:
            year, today = int(digits), self.today().year
            if today - _OLDEST <= year <= today:
                self._recognise(birth_year=year, **known)
            else:
                page.say(_("Please check the year."))

        page.entered.connect(entered)
        self._show(page)

    @property
    def clinic_id(self) -> UUID:
        """The clinic in whose hall it stands."""
        return self._place.clinic_id

    def today(self) -> date:
        """The day there."""
        return business_date(self._work.db.clock(), self._place.timezone)

    def _recognise(self, **how: Any) -> None:
        self._do(commands.recognise, self._recognised, **how)

    def _recognised(self, found: Recognised) -> None:
        if len(found.guests) == 1:
            self._greet(found.guests[0])
        elif found.guests:
            page = WhoPage(self.language, found.guests)
            page.chosen.connect(self._greet)
            self._show(page)
        else:
            self._say_unknown(found)

    def _say_unknown(self, found: Recognised) -> None:
        _, ngettext = self.language.gettext, self.language.ngettext
        if found.wait_seconds:
            minutes = -(-found.wait_seconds // 60)
            text = ngettext(
                "There were too many attempts. Please wait {n} minute, or go to the reception desk.",
                "There were too many attempts. Please wait {n} minutes, or go to the reception desk.",
                minutes,
            )
            self._say(_("Please wait"), text.format(n=minutes), "timer")
        elif found.refused == "revoked":
            self._say(_("This card is no longer valid"), _("It was replaced by a newer one. Please go to the reception desk."), "id-card")
        elif found.refused is not None and found.refused.startswith(("lost", "expired", "of_")):
            self._say(_("This card is no longer valid"), _("Please go to the reception desk."), "id-card")
        elif found.refused is not None:
            text = _("It is not a card of this clinic, or it is damaged. Please go to the reception desk.")
            self._say(_("This card cannot be read"), text, "id-card")
        else:
            text = _("Phone number and year of birth do not match what the clinic has. Try again, or go to the reception desk.")
            self._say(_("You were not found"), text, "search")

    # What for

    def _greet(self, guest: GuestRow) -> None:
        asked = self.page
        self._work.read(
            self,
            queries.at_kiosk,
            latest="person",
            then=lambda row: self._show_visits(guest, row) if self.page is asked else None,
            failed=self._refused,
            patient_id=guest.patient_id,
            clinic_id=self._place.clinic_id,
            day=self.today(),
            now=self._work.db.clock(),
        )

    def _show_visits(self, guest: GuestRow, row: KioskRow) -> None:
        to_rate = [one for one in row.visits if one.may_rate]
        if self._is_rating and len(to_rate) == 1:
            self._ask_rating(to_rate[0])
            return
        page = VisitsPage(self.language, guest.name, row, self._place.timezone)
        page.here.connect(self._arrive)
        page.rate.connect(self._ask_rating)
        page.number.connect(lambda doctor_id, button: self._take_number(guest, doctor_id, dict(row.doctors)[doctor_id], button))
        self._show(page)

    def _arrive(self, visit: KioskVisit, button: TouchButton) -> None:
        self._post(
            button,
            commands.arrive_at_kiosk,
            lambda arrival: self._show_ticket(arrival, visit.doctor_name, visit.room),
            visit_id=visit.visit_id,
        )

    def _take_number(self, guest: GuestRow, doctor_id: UUID, doctor: str, button: TouchButton) -> None:
        def taken(arrival: ArrivalRow) -> None:
            self._show_ticket(arrival, doctor, None)

        self._post(button, commands.take_number_at_kiosk, taken, patient_id=guest.patient_id, doctor_id=doctor_id)

    def _show_ticket(self, arrival: ArrivalRow, doctor: str, room: str | None) -> None:
        page = TicketPage(self.language, arrival, doctor, room)
        page.add_way(self.language.gettext("Finish"), role="primary", icon_name="check").clicked.connect(lambda _on: self.start_over())
        self._show(page)
        self.printer.print(arrival, self.language)

    def _say_printed(self) -> None:
        if isinstance(self.page, TicketPage):
            self.page.say_printed()

    def _ask_rating(self, visit: KioskVisit) -> None:
        page = RatingPage(self.language, visit.doctor_name)

        def rate(stars: int, comment: str, is_anonymous: bool) -> None:
            said = {"rating": stars, "comment": comment, "is_anonymous": is_anonymous}
            self._post(page.send, commands.rate_visit, lambda _row: self._thank(), visit_id=visit.visit_id, **said)

        page.rated.connect(rate)
        self._show(page)

    def _thank(self) -> None:
        _ = self.language.gettext
        self._say(_("Thank you"), _("What you say helps us to do better."), "smile")

    # Asking the clinic

    def _do(self, command: Callable[..., Any], then: Callable[[Any], object], **params: Any) -> None:
        asked = self.page
        # Whoever went back, or walked away, is not shown to the next person.
        self._work.do(self, command, then=lambda found: then(found) if self.page is asked else None, failed=self._refused, **params)

    def _post(self, button: TouchButton, command: Callable[..., Any], then: Callable[[Any], object], **params: Any) -> None:
        asked = self.page
        done: Callable[[Any], object] = lambda found: then(found) if self.page is asked else None  # noqa: E731
        button.run(self._work, self, command, then=done, failed=self._refused, **params)

    def _refused(self, error: ClinicError) -> None:
        self._say(self.language.gettext("That did not work"), wording.sentence(error, self.language), "info")

    def say_trouble(self) -> None:
        """Something that nobody expected: the details are in the log, not in the hall."""
        _ = self.language.gettext
        self._say(_("That did not work"), _("Please go to the reception desk."), "triangle-alert")

    def _say(self, title: str, text: str, icon_name: str) -> None:
        page = MessagePage(self.language, title, text, icon_name)
        page.add_way(self.language.gettext("Finish"), role="primary", icon_name="check").clicked.connect(lambda _on: self.start_over())
        self._show(page)
        self.over.hide()
