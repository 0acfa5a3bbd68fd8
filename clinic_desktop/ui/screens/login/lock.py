"""The locked desk: who has worked here this shift comes back by PIN, everybody else by password."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12
from clinic_desktop.ui.widgets.banner import Portrait
from clinic_desktop.ui.widgets.inputs import latin_digits
from clinic_desktop.ui.widgets.text import Label, plain_tooltip

_A_ROW, _MOST = 4, 12
_LONGEST_PIN = 8


class PersonTile(QPushButton):
    """One of the people who may come back: initials and name."""

    def __init__(self, username: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.username = username
        self.setCheckable(True)
        self.setProperty("role", "tile")
        self.setAutoDefault(False)
        self.setAccessibleName(name)
        portrait = Portrait(40, self)
        portrait.show_person(name)
        said = Label("", self)
        said.setText(said.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, scaled(112)))
        self.setToolTip(plain_tooltip(name))
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_8, GAP_12, GAP_8, GAP_8)
        column.addWidget(portrait, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(said)
        for child in (portrait, said):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:  # noqa: N802
        # A push button asks for the room of its own text, of which there is none.
        return QSize(scaled(128), scaled(96))


class LockPage(CardPage):
    """``entered(username, pin)``; ``password_wanted(username)``, empty for somebody else."""

    entered = Signal(str, str)
    password_wanted = Signal(str)
    other_wanted = Signal()
    by_password = Signal()

    def __init__(self, people: Sequence[tuple[str, str]], *, username: str = "") -> None:
        super().__init__(_("Locked"), _("What was typed is kept."), _("Unlock"), width=640)
        self.people: dict[str, PersonTile] = {}
        self._group = QButtonGroup(self)
        tiles = QWidget(self)
        grid = QGridLayout(tiles)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_8)
        for place, (code, name) in enumerate(people[:_MOST]):
            tile = self.people[code] = PersonTile(code, name, tiles)
            tile.clicked.connect(self._choose)
            self._group.addButton(tile)
            grid.addWidget(tile, *divmod(place, _A_ROW))
        for column in range(_A_ROW):
            grid.setColumnStretch(column, 1)
        self.body.insertWidget(self.body.indexOf(self.form), tiles)
        self.pin = self.secret("pin", _("PIN"))
        self.pin.setMaxLength(_LONGEST_PIN)
        self.pin.setValidator(QRegularExpressionValidator(QRegularExpression(r"\p{Nd}{0,8}"), self.pin))
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        self.enter_submits()
        self.with_password = self.add_link(_("Use the password"), self.by_password)
        self.other = self.add_link(_("Log in as somebody else"), self.other_wanted)
        self.by_password.connect(lambda: self.password_wanted.emit(self.username))
        self.other_wanted.connect(lambda: self.password_wanted.emit(""))
        chosen = self.people.get(username) or next(iter(self.people.values()))
        chosen.setChecked(True)
        self.setFocusProxy(self.pin)

    @property
    def username(self) -> str:
        """Who is chosen."""
        tile = self._group.checkedButton()
        return tile.username if isinstance(tile, PersonTile) else ""

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if not self.button.is_busy and self.form.values() is not None:
            self.wait(True)
            self.entered.emit(self.username, latin_digits(self.pin.text()))

    def refuse(self, error: ClinicError) -> None:
        """Say why not; the next digits replace the wrong ones."""
        self.wait(False)
        self.say(wording.sentence(error))
        self.pin.setFocus()
        self.pin.selectAll()

    def _choose(self) -> None:
        self.say(None)
        self.pin.clear()
        self.pin.setFocus()
