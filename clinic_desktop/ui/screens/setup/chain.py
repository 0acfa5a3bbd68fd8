"""Joining a chain of sites from the first page, and the page on which the first load waits."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.screens.reconcile.chain import add_way
from clinic_desktop.ui.widgets.text import Label


class ChainPage(CardPage):
    """``entered({address, code, passphrase})``, ``left`` back."""

    entered = Signal(object)
    left = Signal()

    def __init__(self, *, has_data: bool) -> None:
        text = _("Whoever runs the central server makes a code for this site. The data of the other sites is loaded then.")
        super().__init__(_("Join a chain of clinics"), text, _("Join"), width=500)
        for edit in add_way(self.form):
            edit.textEdited.connect(lambda _text: self.say(None))
        self._asks = not has_data
        if self._asks:
            self.secret("passphrase", _("Passphrase for the data on this computer"))
            self.secret("again", _("The same again"))
            advice = Label(_("Write it down. It opens the data here when no person's password does."), tone="muted", wrap=True)
            self.body.insertWidget(self.body.indexOf(self.trouble), advice)
        self.enter_submits()
        self.back = self.add_link(_("Back"), self.left)
        self.setFocusProxy(self.form["address"])

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if self.button.is_busy:
            return
        given = self.form.typed_twice("passphrase", "again") if self._asks else self.form.values()
        if given is not None:
            self.wait(True)
            self.entered.emit({name: given.get(name) for name in ("address", "code", "passphrase")})


class PausedPage(CardPage):
    """Something is still to come: why, and a way on. ``entered`` goes on."""

    entered = Signal()

    def __init__(self, heading: str, text: str, button: str) -> None:
        super().__init__(heading, text, button, width=460)
        self.form.hide()
        self.setFocusProxy(self.button)

    def submit(self) -> None:
        """Go on, once."""
        if not self.button.is_busy:
            self.entered.emit()
