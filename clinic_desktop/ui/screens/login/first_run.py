"""The first page on an empty database: set up the clinic, or look around with demo data."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimeZone, Signal

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.inputs import LineEdit

CURRENCIES = ("INR", "AED", "SAR", "USD", "EUR", "GBP", "KWD", "BHD", "QAR", "OMR", "EGP", "PKR", "BDT", "NPR", "LKR", "KES", "NGN", "JPY")


class FirstRunPage(CardPage):
    """``entered(dict)`` with the clinic and its first administrator, or ``demo_wanted()``."""

    entered = Signal(dict)
    demo_wanted = Signal()

    def __init__(self) -> None:
        text = _("This database is empty. Set up your clinic, or look around with made-up patients first.")
        super().__init__(_("Welcome"), text, _("Set up the clinic"), columns=2, width=640)
        self.form.add("hospital", _("Name of the hospital or practice"), LineEdit(), required=True, span=2)
        self.form.add("clinic", _("Name of this clinic"), LineEdit(), required=True, span=2)
        zones = _zones()
        self.form.add("currency", _("Currency"), Choice("", [(one, one) for one in CURRENCIES]), required=True)
        self.form.add("timezone", _("Time zone"), Choice("", [(one, one) for one in zones], placeholder=_("Choose")), required=True)
        self.form["timezone"].set_value(_here() if _here() in zones else None)
        self.form.add("full_name", _("Your name"), LineEdit(), required=True)
        self.form.add("username", _("Username"), LineEdit(limit=40), required=True)
        self.secret("password", _("Password"))
        self.secret("again", _("The same again"))
        self.enter_submits()
        self.demo = Button(_("Look around with demo data"))
        self.demo.clicked.connect(self.demo_wanted)
        self.body.addWidget(self.demo)
        self.setTabOrder(self.button, self.demo)
        self.setFocusProxy(self.form["hospital"])

    def submit(self) -> None:
        """Hand over the form when both passwords are the same."""
        if self.button.is_busy:
            return
        found: dict[str, Any] | None = self.form.values()
        if found is None:
            return
        if found.pop("again") != found["password"]:
            self.form.fields["again"].set_error(_("The two are not the same."))
            return
        self.wait(True)
        self.entered.emit(found)


def _zones() -> list[str]:
    # Qt's list: zoneinfo would look into six hundred files.
    known = (bytes(zone.data()).decode() for zone in QTimeZone.availableTimeZoneIds())
    return sorted(zone for zone in known if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")))


def _here() -> str:
    return bytes(QTimeZone.systemTimeZoneId().data()).decode()
