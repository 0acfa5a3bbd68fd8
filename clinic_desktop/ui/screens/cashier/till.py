"""The till: opened with the cash that lies in it, counted by notes and coins when it is closed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.billing import commands
from clinic_desktop.clinic.billing.commands.tills import ClosedTillRow
from clinic_desktop.clinic.billing.errors import TillDiffers
from clinic_desktop.clinic.billing.queries.rows import TillRow
from clinic_desktop.clinic.billing.rules import Pieces
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import money_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.keeping import keeping_of
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cashier.cash import notes_and_coins
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, GAP_24, Tone
from clinic_desktop.ui.widgets import BusyButton, Card, Dialog, Form, FormField, Label, LineEdit, MoneyEdit, NumberField, Stat, row


class OpenTill(QWidget):
    """Asks for the cash in the drawer before the first payment of a cashier."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.form = Form(columns=1, starred=False)
        self.amount = MoneyEdit("", screen.desk.place.currency)
        self.form.add("opening_float", _("Cash in the drawer now"), self.amount, required=True)
        self.button = BusyButton(_("Open the till"), icon_name="banknote")
        self.button.clicked.connect(self._open)
        self.amount.returnPressed.connect(self._open)
        card = Card(_("Open your till"))
        card.setFixedWidth(scaled(400))
        keeping = keeping_of(screen.work)
        if keeping is None or keeping.state.at_work is None:
            text = _("Count the cash in your drawer before the first payment. What you take and give back is counted from here.")
        else:
            text = _(
                "This computer\u2019s copy has a till of its own: set cash apart and count it. Your till on the server stays as it is."
            )
        card.body.addWidget(Label(text, tone="muted", wrap=True))
        card.body.addSpacing(GAP_8)
        card.body.addWidget(self.form)
        card.body.addWidget(self.button)
        # Centred by stretches: an alignment would give the card its hint, which forgets how wrapped text needs more height.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(across)
        column.addStretch(3)
        begin_at(self, self.amount)

    def _open(self) -> None:
        values = self.form.values()
        if values is None:
            return
        desk = self._screen.desk
        self.button.run(
            self._screen.work,
            self,
            commands.open_till,
            then=lambda _id: self._opened(),
            failed=self._refused,
            clinic_id=desk.clinic_id,
            opening_float=values["opening_float"],
            workstation_id=desk.place.workstation_id,
        )

    def _opened(self) -> None:
        self.form.clear()
        self._screen.desk.toast(_("Your till is open."), tone=Tone.GOOD)

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self._screen.work.refused.emit(error)


class Count(NumberField):
    """How many pieces."""

    def __init__(self, name: str) -> None:
        super().__init__(0, 9999, name=name)
        self.setFixedWidth(scaled(88))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CloseTill(Dialog):
    """Counts a till; ``counted(ClosedTillRow)``. What should be there stands beside what is there."""

    counted = Signal(object)

    def __init__(self, screen: Screen, till: TillRow, *, owner: str = "") -> None:
        since = time_text(till.opened_at, timezone=screen.desk.place.timezone)
        text = _("Open since {time}. Count the notes and coins in the drawer.").format(time=since)
        title = _("Close the till of {name}").format(name=owner) if owner else _("Close the till")
        super().__init__(screen, title, text, width=560)
        self._screen, self._till = screen, till
        self._currency = screen.desk.place.currency
        self.counts: dict[int, Count] = {}
        self._sums: dict[int, Label] = {}
        self.coins = MoneyEdit(_("Other coins"), self._currency)
        self.found = Stat(_("Counted"))
        self.expected = Stat(_("Should be there"), money_text(till.expected))
        self.difference = Stat(_("Difference"))
        self.reason = LineEdit(limit=500)
        self.field = FormField("note", _("Reason for the difference"), self.reason)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addLayout(self._sheet())
        self.body.addLayout(row(self.expected, self.found, self.difference, fill=True, gap=GAP_24))
        self.body.addWidget(self.field)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.leave)
        self.close_till = BusyButton(_("Close the till"), icon_name="lock")
        self.close_till.setDefault(True)
        self.close_till.clicked.connect(self._close)
        self.buttons.addWidget(self.close_till)
        self._add_up()
        next(iter(self.counts.values())).setFocus()
        screen.keep_typing(f"till {till.till_session_id}", self)

    def draft(self) -> dict[str, Any] | None:
        """What is counted so far."""
        counts = {str(minor): count.value() for minor, count in self.counts.items() if count.value()}
        coins, reason = self.coins.text(), self.reason.text()
        return {"counts": counts, "coins": coins, "reason": reason} if counts or coins or reason else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put the count back; it is not posted by that."""
        counts = {int(minor): int(pieces) for minor, pieces in draft["counts"].items()}
        for minor, count in self.counts.items():
            count.setValue(counts.get(minor, 0))
        self.coins.setText(draft["coins"])
        self.reason.setText(draft["reason"])

    def _sheet(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_12)
        grid.setVerticalSpacing(GAP_8)
        pieces = notes_and_coins(self._currency)
        half = (len(pieces) + 1) // 2
        for place, piece in enumerate(pieces):
            side, line = divmod(place, half)
            name = money_text(piece)
            count = Count(_("Pieces of {value}").format(value=name))
            count.valueChanged.connect(self._add_up)
            value, amount = Label(name), Label(tone="muted")
            for label in (value, amount):
                label.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            for at, widget in enumerate((value, count, amount)):
                grid.addWidget(widget, line, side * 4 + at)
            self.counts[piece.minor], self._sums[piece.minor] = count, amount
        self.coins.textChanged.connect(self._add_up)
        grid.addWidget(Label(_("Other coins"), tone="muted"), half, 0)
        grid.addWidget(self.coins, half, 1, 1, 2)
        for column in (2, 6):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, scaled(84))
        grid.setColumnMinimumWidth(3, GAP_24)
        return grid

    def _pieces(self) -> tuple[Pieces, ...]:
        pieces = [Pieces(Money(minor, self._currency), count.value()) for minor, count in self.counts.items() if count.value()]
        try:
            coins = self.coins.value()
        except InvalidInput:
            coins = None
        return (*pieces, Pieces(Money(1, self._currency), coins.minor)) if coins else tuple(pieces)

    def _difference(self) -> Money:
        return total((one.denomination * one.pieces for one in self._pieces()), self._currency) - self._till.expected

    def _add_up(self, *_value: object) -> None:
        for minor, label in self._sums.items():
            pieces = self.counts[minor].value()
            label.setText(money_text(Money(minor, self._currency) * pieces) if pieces else "")  # a column of zeros hides the rest
        difference = self._difference()
        self.found.show_figure(money_text(self._till.expected + difference))
        self.difference.show_figure(money_text(difference), tone="bad" if difference else "good")
        if not difference:
            self.field.set_error(None)

    def _close(self) -> None:
        reason = self.reason.value()
        if self._difference() and reason is None:
            self._refused(TillDiffers("note"))
            return
        self.close_till.run(
            self._screen.work,
            self,
            commands.close_till,
            then=self._closed,
            failed=self._refused,
            clinic_id=self._till.clinic_id,
            counted=self._pieces(),
            till_session_id=self._till.till_session_id,
            note=reason,
        )

    def _closed(self, closed: ClosedTillRow) -> None:
        self._screen.desk.toast(_("The till is closed with {amount}.").format(amount=money_text(closed.counted)), tone=Tone.GOOD)
        self.accept()
        self.counted.emit(closed)

    def _refused(self, error: ClinicError) -> None:
        if error.field == "note":
            self.field.set_error(wording.sentence(error))
            self.reason.setFocus()
            return
        self.problem.setText(wording.sentence(error))
        self.problem.show()
