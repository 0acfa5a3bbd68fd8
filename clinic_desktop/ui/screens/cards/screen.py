"""Cards to print: issued and not printed, registered without one, or chosen by hand; issued and printed in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QProgressBar, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.events import CardIssued, CardPrinted, CardRevoked, PatientRegistered
from clinic_desktop.clinic.patients.queries import CardToPrintRow
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.card_warning import heeded, warning_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.numbers import is_card
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cards.batch import Issued, issue_cards
from clinic_desktop.ui.screens.cards.printing import show_cards
from clinic_desktop.ui.screens.cards.reading import to_renew
from clinic_desktop.ui.screens.cards.to_print import Listed, ToPrint
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, DateField, Label, Page, SearchBox, keyed, row

_MOST_TOLD = 5


class CardsScreen(Screen):
    """Which list, its lines ticked, and one button."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._collected: list[UUID] = []
        self._key, self._progress = new_id(), Progress(self)
        self._anew = True
        self.listed = Choice(_("Cards to print"), _lists())
        self.since = DateField(_("Registered since"), today=desk.today(), past=True)
        self.since.set_value(desk.today())
        self.add = SearchBox(_("Add a patient"), placeholder=_("Name, number or a scanned card, then Enter"))
        self.table = ToPrint(self)
        self.paper = Choice(_("Paper"), [(_("Card printer, both sides"), "CARD"), (_("A4 sheet, 10 cards with backs"), "A4")])
        self.said = Label(tone="muted")
        self.problem = Label(tone="bad", wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.cancel = Button(_("Cancel"), icon_name="x")
        self.printing = BusyButton(_("Issue and print"), icon_name="printer")
        self._lay_out()
        self._wire()
        begin_at(self, self.table)
        self.watch(CardIssued, CardPrinted, CardRevoked, PatientRegistered)

    def _lay_out(self) -> None:
        page = Page(self, _("ID cards"))
        for editor, width in ((self.listed, 260), (self.since, 140), (self.add, 440), (self.paper, 260)):
            editor.setMinimumWidth(scaled(width))
        self.since_label = Label(_("since"), tone="muted")
        page.body.addLayout(row(self.listed, self.since_label, self.since, self.add))
        page.body.addWidget(self.table, 1)
        page.body.addWidget(self.problem)
        page.body.addLayout(row(self.said, self.bar, self.cancel, self.paper, self.printing, stretch_at=1))
        for widget in (self.bar, self.cancel, self.problem):
            widget.hide()

    def _wire(self) -> None:
        keyed(self.printing, "F9")
        self.printing.clicked.connect(self._print)
        self.cancel.clicked.connect(lambda: self._progress.cancel())
        self.table.ticked.connect(self._tell)
        self.listed.currentIndexChanged.connect(lambda _place: self._choose_list())
        self.since.changed.connect(self._choose_since)
        self.add.chosen.connect(lambda: self._look_up(self.add.text().strip()))
        self._choose_list()

    # What the shell does with it

    def refresh(self) -> None:
        """Read the list again."""
        listed = self.listed.value()
        if listed is Listed.NOT_PRINTED:
            self.work.read(self, queries.cards_not_printed, latest="rows", then=self._show)
        elif listed is Listed.CHOSEN:
            self.work.read(self, queries.cards_of_patients, latest="rows", then=self._show, patient_ids=list(self._collected))
        elif listed is Listed.TO_RENEW:
            self.work.read(self, to_renew, latest="rows", then=self._show, clinic_id=self.desk.clinic_id, day=self.desk.today())
        else:
            since = self._since()
            if since is not None:
                self.work.read(
                    self, queries.patients_without_card, latest="rows", then=self._show, clinic_id=self.desk.clinic_id, since=since
                )

    def open(self, *, listed: str = "", **_what: Any) -> None:
        """Show one of the lists."""
        if listed:
            self.listed.choose_code(listed)
            self.refresh()

    def scanned(self, code: str) -> bool:
        """A card joins those that are chosen."""
        if self.listed.value() is not Listed.CHOSEN or not is_card(code):
            return False
        self._look_up(code)
        return True

    def whereabouts(self) -> dict[str, Any] | None:
        """Which list, and who was chosen."""
        return {"listed": self.listed.code(), "collected": [str(one) for one in self._collected]}

    def restore(self, draft: dict[str, Any]) -> None:
        """Show it again."""
        self._collected = [UUID(one) for one in draft["collected"]]
        self.listed.choose_code(draft["listed"])

    # The lists

    def _choose_list(self) -> None:
        listed = self.listed.value()
        for widget in (self.since_label, self.since):
            widget.setVisible(listed is Listed.WITHOUT_CARD)
        self.add.setVisible(listed is Listed.CHOSEN)
        self.table.table.set_empty(_EMPTY[listed]())
        self._anew = True
        self._tell_problem("")
        self.refresh()

    def _choose_since(self) -> None:
        if self.listed.value() is Listed.WITHOUT_CARD:
            self._tell_problem("")
            self.refresh()

    def _since(self) -> datetime | None:
        try:
            day = self.since.value()
        except InvalidInput as error:
            self._tell_problem(wording.sentence(error))
            return None
        return datetime.combine(day or self.desk.today(), time(), ZoneInfo(self.desk.place.timezone))

    def _show(self, rows: list[CardToPrintRow]) -> None:
        self.table.show_rows(rows, anew=self._anew)
        self._anew = False

    def _look_up(self, text: str) -> None:
        if text:
            self.work.read(
                self,
                queries.meant_by,
                latest="add",
                then=lambda found: self._meant(text, found),
                text=text,
                today=self.desk.today(),
                limit=2,
            )

    def _meant(self, text: str, found: queries.Meant) -> None:
        heeded(self, warning_of(found.fault), lambda: self._add(text, found.patient_ids))

    def _add(self, text: str, found: Sequence[UUID]) -> None:
        if len(found) == 1:
            self._collected = [*dict.fromkeys([*self._collected, found[0]])]
            self.add.clear()
            self._tell_problem("")
            self.refresh()
        elif found:
            self._tell_problem(_("Several patients match “{text}”. Type the number, or scan the card.").format(text=text))
        else:
            self._tell_problem(_("Nobody found for “{text}”.").format(text=text))

    def _tell(self) -> None:
        chosen = self.table.chosen
        renews = self.listed.value() is Listed.TO_RENEW
        new = sum(1 for one in chosen if renews or one.card_id is None)
        text = ngettext("{n} card", "{n} cards", len(chosen)).format(n=len(chosen))
        if new:
            text += " · " + ngettext("{n} is issued first", "{n} are issued first", new).format(n=new)
        self.said.setText(text)
        self.printing.setEnabled(bool(chosen))

    def _tell_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    # The batch

    def _print(self) -> None:
        people = self.table.chosen
        if self.printing.is_busy or not people:
            return
        self._tell_problem("")
        self.printing.set_busy(True)
        self._progress = Progress(self)
        self._progress.advanced.connect(self._advance)
        self.bar.setRange(0, len(people))
        self.bar.setValue(0)
        self.bar.show()
        self.cancel.show()
        self.work.background(
            self,
            issue_cards,
            progress=self._progress,
            then=self._issued,
            settled=self._settled,
            db=self.work.db,
            actor=self.desk.actor,
            clinic_id=self.desk.clinic_id,
            people=people,
            key=self._key,
            renews=self.listed.value() is Listed.TO_RENEW,
        )

    def _advance(self, done: int, total: int, name: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(name or "%p %")

    def _settled(self) -> None:
        self.printing.set_busy(False)
        self.bar.hide()
        self.cancel.hide()
        if self._progress.is_cancelled:
            self.desk.toast(_("Cancelled. Cards that were issued already wait among those that are not printed."), tone=Tone.WARN)
        self.refresh()

    def _issued(self, issued: Issued) -> None:
        self._key = new_id()
        if issued.refused:
            self._tell_problem(_refusals(issued.refused))
        if issued.cards:
            show_cards(self, issued.cards, self.paper.value())


def _lists() -> list[tuple[str, Listed]]:
    return [
        (_("Issued, not printed yet"), Listed.NOT_PRINTED),
        (_("Registered without a card"), Listed.WITHOUT_CARD),
        (_("Cards to renew"), Listed.TO_RENEW),
        (_("Chosen patients"), Listed.CHOSEN),
    ]


_EMPTY = {
    Listed.NOT_PRINTED: lambda: _("Every card that was issued is printed."),
    Listed.WITHOUT_CARD: lambda: _("Everybody who was registered since then has a card."),
    Listed.TO_RENEW: lambda: _("Everybody who comes today has a card that is good for longer, or none."),
    Listed.CHOSEN: lambda: _("Scan a card or type a name above: whoever it is joins this list."),
}


def _refusals(refused: tuple[tuple[str, ClinicError], ...]) -> str:
    told = [f"{name}: {wording.sentence(error)}" for name, error in refused[:_MOST_TOLD]]
    more = len(refused) - len(told)
    if more:
        told.append(ngettext("and {n} more", "and {n} more", more).format(n=more))
    return _("Not issued:") + "\n" + "\n".join(told)
