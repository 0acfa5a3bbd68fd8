"""How was it? Five faces with words, a few lines, with the name or without."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.display.lettering import letters
from clinic_desktop.ui.kiosk.growing import grown
from clinic_desktop.ui.kiosk.parts import FaceButton, Page, TouchButton
from clinic_desktop.ui.theme.tokens import GAP_8, KIOSK_TEXT
from clinic_desktop.ui.widgets.choice import begin_at_side

LONGEST = 500


class RatingPage(Page):
    """``rated(stars, comment, is_anonymous)``."""

    rated = Signal(int, str, bool)

    def __init__(self, language: Language, doctor: str) -> None:
        _ = language.gettext
        super().__init__(language, _("How was your visit?"), doctor)
        words = (_("Very bad"), _("Bad"), _("All right"), _("Good"), _("Very good"))
        self.faces = [FaceButton(number, word) for number, word in enumerate(words, start=1)]
        across = QHBoxLayout()
        across.setSpacing(grown(GAP_8))
        for face in self.faces:
            across.addWidget(face)
            face.clicked.connect(lambda _on: self.say(""))
        self.body.addLayout(across)
        self.comment = QPlainTextEdit()
        self.comment.setPlaceholderText(_("If you like, say more"))
        self.comment.setAccessibleName(_("Comment"))
        self.comment.setFont(letters(grown(KIOSK_TEXT)))
        self.comment.setFixedHeight(grown(88))
        self.comment.setTabChangesFocus(True)
        begin_at_side(self.comment, right=language.is_right_to_left)
        self.comment.textChanged.connect(self._cut)
        self.body.addWidget(self.comment)
        self.nameless = TouchButton(_("Do not say my name"), icon_name="eye-off")
        self.nameless.setCheckable(True)
        self.nameless.toggled.connect(self._tell)
        self.foot.addWidget(self.nameless)
        self.send = self.add_way(_("Send"), role="primary", icon_name="check")
        self.send.clicked.connect(self._send)

    @property
    def rating(self) -> int:
        """The chosen face; 0 while there is none."""
        return next((face.rating for face in self.faces if face.isChecked()), 0)

    def _tell(self, is_on: bool) -> None:
        _ = self.language.gettext
        self.nameless.setText(_("Your name is not said") if is_on else _("Do not say my name"))

    def _cut(self) -> None:
        text = self.comment.toPlainText()
        if len(text) > LONGEST:
            self.comment.setPlainText(text[:LONGEST])
            self.comment.moveCursor(self.comment.textCursor().MoveOperation.End)

    def _send(self) -> None:
        if not self.rating:
            self.say(self.language.gettext("Please choose a face first."))
        elif not self.send.is_busy:
            self.rated.emit(self.rating, self.comment.toPlainText(), self.nameless.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.text() in ("1", "2", "3", "4", "5"):
            self.faces[int(event.text()) - 1].click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._send()
        else:
            super().keyPressEvent(event)
