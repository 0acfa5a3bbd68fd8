"""Joining a clinic that runs on a server in the house: an address and a code; or, on a server of another kind, a database user."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.address import ENCRYPT, PLAIN, VERIFY, ServerAddress
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.screens.setup.file_edit import FileEdit
from clinic_desktop.ui.widgets.buttons import BusyButton
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.dialogs import ask
from clinic_desktop.ui.widgets.inputs import LineEdit, NumberField


class JoinPage(CardPage):
    """``entered(address, code)`` as they were typed, ``other_way`` with a database user, ``left`` back."""

    entered = Signal(str, str)
    other_way = Signal()
    left = Signal()

    def __init__(self) -> None:
        text = _("An administrator makes a joining code at a computer of the clinic, under Sessions, or on the server.")
        super().__init__(_("Join a clinic on the network"), text, _("Join"), width=460)
        address = LineEdit(limit=300)
        address.setPlaceholderText("192.168.1.10")
        self.form.add("address", _("Address of the server"), address, required=True)
        code = LineEdit(limit=60)
        code.setPlaceholderText("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
        self.form.add("code", _("Joining code"), code, required=True)
        for edit in (address, code):  # neither is ever written from right to left
            edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            edit.textEdited.connect(lambda _text: self.say(None))
        self.other = self.add_link(_("Connect with a database user instead"), self.other_way)
        self.back = self.add_link(_("Back"), self.left)
        self.enter_submits()
        self.setFocusProxy(address)

    def submit(self) -> None:
        """Hand over what was typed, once."""
        given = None if self.button.is_busy else self.form.values()
        if given is not None:
            self.wait(True)
            self.entered.emit(given["address"], given["code"])


class ServerPage(CardPage):
    """``tested(address, password)``, ``entered(address, password)``, ``left`` back."""

    tested = Signal(object, str)
    entered = Signal(object, str)
    left = Signal()

    def __init__(self) -> None:
        text = _("Ask whoever set the server up for these.")
        super().__init__(_("Connect with a database user"), text, _("Join"), columns=2, width=660)
        form = self.form
        form.add("host", _("Name or address of the server"), LineEdit(limit=253), required=True)
        form.add("port", _("Port"), NumberField(1, 65_535))
        form["port"].setValue(5432)
        form.add("database", _("Database"), LineEdit(limit=63), required=True)
        form.add("user", _("Database user"), LineEdit(limit=63), required=True)
        self.secret("password", _("Password of the database user")).textEdited.connect(self._forget)
        form.fields["password"].required = False
        kinds = (
            (_("Encrypted, and the server proves who it is"), VERIFY),
            (_("Encrypted, whoever answers"), ENCRYPT),
            (_("Not encrypted"), PLAIN),
        )
        form.add("security", _("Connection"), Choice("", kinds), span=2)
        files = _("Certificates (*.pem *.crt *.cer);;All files (*)")
        certificate = FileEdit(_("Certificate"), kinds=files, placeholder=_("those that this computer trusts"))
        form.add("certificate", _("Certificate of the authority that vouches for the server"), certificate, span=2)
        form["security"].currentIndexChanged.connect(self._follow_security)
        self.test = BusyButton(_("Test the connection"), role=None)
        self.test.clicked.connect(self._test)
        self.body.insertWidget(self.body.indexOf(self.button), self.test)
        self.back = self.add_link(_("Back"), self.left)
        self.enter_submits()
        self.setFocusProxy(form["host"])

    def address(self) -> tuple[ServerAddress, str] | None:
        """What is entered; None when something is missing."""
        found: dict[str, Any] | None = self.form.values()
        if found is None:
            return None
        address = ServerAddress(
            found["host"], found["port"], found["database"], found["user"], found["security"], found["certificate"] or ""
        )
        return address, found["password"] or ""

    def submit(self) -> None:
        """Join, after a warning where the way is open to whoever listens."""
        if self.button.is_busy:
            return
        given = self.address()
        if given is None:
            return
        address, password = given
        if address.security == PLAIN and not address.is_this_computer:
            text = _("Whoever is on this network could read the patients' data and the password. Ask for an encrypted connection.")
            ask(self, _("Without encryption?"), text, yes=_("Join without encryption"), role="danger", then=lambda: self._go(*given))
        else:
            self._go(address, password)

    def say_found(self, what: str) -> None:
        """The test went well: what is there."""
        self.test.set_busy(False)
        texts = {
            "clinic": _("The connection works, and the clinic is there."),
            "older": _("The connection works. Joining brings the clinic up to date; the other computers need the new version then."),
            "empty": _("The connection works. The database is empty: a new clinic can be set up in it."),
        }
        self.trouble.set_tone("good")
        self.say(texts[what])

    def wait(self, waiting: bool) -> None:
        """Wait for an answer, or stop waiting."""
        super().wait(waiting)
        self.test.set_busy(waiting)

    def say(self, text: str | None) -> None:
        """Show what went wrong, or take it away."""
        if text is None:
            self.trouble.set_tone("bad")
        super().say(text)

    def _go(self, address: ServerAddress, password: str) -> None:
        self.wait(True)
        self.entered.emit(address, password)

    def _test(self) -> None:
        given = None if self.test.is_busy else self.address()
        if given is not None:
            self.wait(True)
            self.tested.emit(*given)

    def _forget(self) -> None:
        self.say(None)

    def _follow_security(self, _place: int = 0) -> None:
        self.form.fields["certificate"].setVisible(self.form["security"].value() == VERIFY)


class ServerPasswordPage(CardPage):
    """This computer does not keep the server's password: it is asked for at each start. ``entered(password)``, ``left``."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, place: str) -> None:
        text = _("The clinic is on the server {place}.").format(place=isolated(place))
        super().__init__(_("Password of the server"), text, _("Connect"))
        self.first: QLineEdit = self.secret("password", _("Password of the database user"))
        self.enter_submits()
        self.back = self.add_link(_("Choose another database"), self.left)
        self.setFocusProxy(self.first)

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if not self.button.is_busy and self.form.values() is not None:
            self.wait(True)
            self.entered.emit(self.first.text())
