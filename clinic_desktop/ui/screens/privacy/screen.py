"""The privacy screen: retention, requests, restricted records, one behind the other."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.clinic.privacy import commands, events
from clinic_desktop.clinic.privacy.rules import RequestStatus
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.openings import OpeningsPanel
from clinic_desktop.ui.screens.privacy.reading import Privacy, privacy
from clinic_desktop.ui.screens.privacy.requests import RequestsPanel
from clinic_desktop.ui.screens.privacy.retention import RetentionPanel
from clinic_desktop.ui.widgets import Page

_EVENTS = (events.GlassBroken, events.PatientErased, events.PrivacyRequestChanged, events.RecordsArchived, SettingChanged)


class PrivacyScreen(Screen):
    """What waits for somebody is counted at the tabs."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.page = Page(self, _("Privacy"))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.requests = RequestsPanel(self, self.tabs)
        self.openings = OpeningsPanel(self, self.tabs)
        self.retention = RetentionPanel(self, self.tabs)
        wanted = (
            (self.requests, desk.may(commands.record_request) or desk.may(commands.erase_patient)),
            (self.openings, desk.may(commands.review_opening)),
            (self.retention, desk.may(commands.archive_rows)),
        )
        self._titles = {self.requests: _("Requests"), self.openings: _("Restricted records"), self.retention: _("Retention")}
        for panel, may in wanted:
            if may:
                self.tabs.addTab(panel, self._titles[panel])
            else:
                panel.hide()
        self.page.body.addWidget(self.tabs, 1)
        begin_at(self, self.tabs)
        self.watch(*_EVENTS)

    def refresh(self) -> None:
        """Read everything but the plan, which is asked for."""
        self.work.read(self, privacy, latest="all", then=self._show)

    def open(self, *, tab: str = "", **_what: Any) -> None:
        """Show one part: requests, openings or retention."""
        panel = {"requests": self.requests, "openings": self.openings, "retention": self.retention}.get(tab)
        if panel is not None and self.tabs.indexOf(panel) >= 0:
            self.tabs.setCurrentWidget(panel)

    def _show(self, found: Privacy) -> None:
        self.retention.show_all(found)
        self.requests.show_all(found.requests)
        self.openings.show_all(found.openings)
        today = self.desk.today()
        due = [one for one in found.requests if one.status is RequestStatus.OPEN or (one.next_due is not None and one.next_due <= today)]
        waiting = [one for one in found.openings if one.reviewed_at is None]
        self._count(self.requests, len(due))
        self._count(self.openings, len(waiting))

    def _count(self, panel: QWidget, count: int) -> None:
        place = self.tabs.indexOf(panel)
        if place >= 0:
            title = self._titles[panel]
            self.tabs.setTabText(place, f"{title} ({count})" if count else title)
