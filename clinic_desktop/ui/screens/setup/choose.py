"""The very first page: how this computer gets to a clinic."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _, active
from clinic_desktop.ui.preferences import LANGUAGE_NAMES
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16, GAP_24
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.text import ElidedLabel, Label

NEW, SERVE, JOIN, CHAIN, RESTORE, DEMO = "new", "serve", "join", "chain", "restore", "demo"
_WIDTH = 620


class Tile(QPushButton):
    """A large button: a picture, what it does, and for whom."""

    def __init__(self, icon_name: str, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self.setProperty("role", "tile")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        picture = QLabel(self)  # picture only
        picture.setPixmap(pixmap(icon_name, "accent", size=24, ratio=self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(GAP_4)
        for label in (ElidedLabel(title, self, voice=Text.STRONG), ElidedLabel(text, self, tone="muted")):
            words.addWidget(label)
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_16, GAP_12, GAP_16, GAP_12)
        across.setSpacing(GAP_16)
        across.addWidget(picture)
        across.addLayout(words, 1)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:  # noqa: N802
        # A push button asks for the room of its own text, of which there is none.
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


class ChoosePage(QWidget):
    """``chosen(way)``, one of the ways above; ``language_chosen(code)``."""

    chosen = Signal(str)
    language_chosen = Signal(str)

    def __init__(self, *, has_demo: bool = False) -> None:
        super().__init__()
        self.language = Choice(_("Language"), ((name, code) for code, name in LANGUAGE_NAMES.items()), parent=self)
        self.language.set_value(active().code)
        self.language.currentIndexChanged.connect(lambda _place: self.language_chosen.emit(self.language.value()))
        look = _("Open the demo clinic again") if has_demo else _("Look around with demo data")
        options = (
            (NEW, "building-2", _("Set up a new clinic"), _("This is the first computer that uses the program here.")),
            (
                SERVE,
                "monitor-cog",
                _("Serve the clinic from this computer"),
                _("For a clinic of several computers that has no server yet."),
            ),
            (JOIN, "wifi", _("Join a clinic on the network"), _("The clinic runs already, on a server of your own.")),
            (CHAIN, "arrow-right-left", _("Join a chain with a code"), _("A new site of clinics that share their data over the internet.")),
            (RESTORE, "rotate-ccw", _("Restore a backup"), _("Bring a clinic back, or move it to this computer.")),
            (DEMO, "play", look, _("Made-up patients in a database of their own. Nothing real is touched.")),
        )
        self.tiles = {way: Tile(icon_name, title, text, self) for way, icon_name, title, text in options}
        for way, tile in self.tiles.items():
            tile.clicked.connect(lambda _checked, way=way: self.chosen.emit(way))
        self._lay_out()
        self.setFocusProxy(self.tiles[NEW])

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(GAP_12)
        top = QVBoxLayout()
        top.setSpacing(GAP_4)
        top.addWidget(Label(_("Welcome"), self, voice=Text.TITLE))
        top.addWidget(Label(_("How would you like to begin?"), self, tone="muted"))
        column.addLayout(top)
        column.addSpacing(GAP_8)
        for tile in self.tiles.values():
            tile.setFixedWidth(scaled(_WIDTH))
            column.addWidget(tile)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addLayout(column)
        across.addStretch(1)
        head = QHBoxLayout()
        head.addStretch(1)
        head.addWidget(self.language)
        self.language.setMinimumWidth(scaled(150))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GAP_24, GAP_16, GAP_24, GAP_24)
        whole.addLayout(head)
        whole.addStretch(2)
        whole.addLayout(across)
        whole.addStretch(3)
