"""The foot of the window: who, where, on which database, online or not, last sync and what is not sent yet."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_24
from clinic_desktop.ui.widgets.text import ElidedLabel


class _Item(QWidget):
    def __init__(self, name: str, icon_name: str) -> None:
        super().__init__()
        self._name = name
        self._picture = QLabel()  # picture only
        self._text = ElidedLabel(tone="muted")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_4 + 2)
        across.addWidget(self._picture)
        across.addWidget(self._text)
        self.show_item("", icon_name)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_item(self, text: str, icon_name: str) -> None:
        self._picture.setPixmap(pixmap(icon_name, "muted", size=14, ratio=self.devicePixelRatioF()))
        self._text.setText(text)
        self.setAccessibleName(f"{self._name}: {text}")
        self.setToolTip(self._name)


class StatusLine(QWidget):
    """The status bar."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._timezone = desk.place.timezone
        self.user = _Item(_("User"), "user")
        self.site = _Item(_("Site"), "map-pin")
        self.database = _Item(_("Database"), "database")
        self.trouble = _Item(_("Needs attention"), "triangle-alert")
        self.trouble.hide()
        self.reach = _Item(_("Connection"), "wifi")
        self.sync = _Item(_("Last sync"), "refresh-cw")
        self.unsent = _Item(_("Not sent yet"), "upload")
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_12, GAP_4, GAP_12, GAP_4)
        across.setSpacing(GAP_24)
        for item in (self.user, self.site, self.database):
            across.addWidget(item)
        across.addWidget(self.trouble, 1)
        across.addStretch(1)
        for item in (self.reach, self.sync, self.unsent):
            across.addWidget(item)
        across.addSpacing(GAP_8)
        self.user.show_item(desk.actor.name, "user")
        self.site.show_item(desk.place.clinic_name, "map-pin")
        self._is_local = desk.work.db.address.file is not None
        self.database.show_item(_("This computer") if self._is_local else _("Clinic server"), "database")
        self.show_reach(True)
        self.show_sync(None, 0)
        desk.work.reachable.connect(self.show_reach)

    def show_reach(self, reachable: bool) -> None:
        """Show whether the database answers."""
        if not reachable:
            self.reach.show_item(_("Server does not answer"), "wifi-off")
        else:
            self.reach.show_item(_("Works offline") if self._is_local else _("Connected"), "cloud-off" if self._is_local else "wifi")

    def show_trouble(self, text: str) -> None:
        """Show what the program's own work could not do, such as a backup; nothing takes it away."""
        self.trouble.show_item(text, "triangle-alert")
        self.trouble.setVisible(bool(text))

    def show_sync(self, last: datetime | None, unsent: int, *, standalone: bool = True) -> None:
        """Show when data was last exchanged with the other sites, and how many changes wait."""
        never = _("Standalone") if standalone else _("Never synced")
        self.sync.show_item(never if last is None else datetime_text(last, timezone=self._timezone), "refresh-cw")
        self.unsent.show_item(_("Unsent: {n}").format(n=unsent), "upload")
