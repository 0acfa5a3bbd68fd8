"""How long records are kept, what may leave today, and the archives that hold what left."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import RuleRow, Verified
from clinic_desktop.clinic.privacy.retention.running import RetentionPlan
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.files import ask_file, ask_folder, documents
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.reading import Privacy, planned, verified
from clinic_desktop.ui.screens.privacy.running import ArchivingDialog
from clinic_desktop.ui.screens.privacy.words import KINDS, size_text, staying_text, table_text
from clinic_desktop.ui.screens.privacy.years import YearsDialog
from clinic_desktop.ui.table import END, Column, TableView, put_title
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_16, Tone
from clinic_desktop.ui.widgets import Button, ElidedLabel, keep_if, keyed


class RetentionPanel(QWidget):
    """Rules and archives above, the plan below."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent or screen)
        self._screen, self._work = screen, screen.work
        self.plan: RetentionPlan | None = None
        zone = screen.desk.place.timezone
        self.rules = TableView(_("For how long"), _rule_columns(), key=lambda one: one.kind, filterable=False, parent=self)
        self.archives = TableView(
            _("Archives"), _archive_columns(zone), empty=_("Nothing was archived yet."), empty_icon="archive", filterable=False, parent=self
        )
        self.leaving = TableView(
            _("What may leave today"),
            _plan_columns(),
            key=lambda one: one.table,
            empty=_("Ask what may leave today (F9)."),
            empty_icon="hard-drive",
            filterable=False,
            parent=self,
        )
        self.change = Button(_("Change…"), icon_name="pencil", parent=self)
        self.verify = Button(_("Verify…"), icon_name="badge-check", parent=self)
        self.ask = Button(_("What may leave?"), icon_name="search", parent=self)
        self.run = Button(_("Archive…"), icon_name="archive", role="primary", parent=self)
        self.told = ElidedLabel(tone="muted")
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.rules.tools.addWidget(self.change)
        self.archives.tools.addWidget(self.verify)
        for button in (self.ask, self.run):
            self.leaving.tools.addWidget(button)
        for table, title in ((self.rules, _("For how long")), (self.archives, _("Archives")), (self.leaving, _("What may leave today"))):
            put_title(table, title)
        self.rules.setFixedWidth(scaled(372))
        for table in (self.rules, self.archives):
            table.setFixedHeight(scaled(236))  # four rules
        above = QHBoxLayout()
        above.setSpacing(GAP_16)
        above.addWidget(self.rules)
        above.addWidget(self.archives, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.setSpacing(GAP_16)
        column.addLayout(above)
        column.addWidget(self.leaving, 1)
        column.addWidget(self.told)
        self.run.setEnabled(False)

    def _wire(self) -> None:
        may = self._screen.desk.may(commands.archive_rows)
        for button in (self.change, self.verify, self.ask, self.run):
            keep_if(button, may)
        keyed(self.ask, "F9")
        keyed(self.run, "F10")
        self.change.clicked.connect(self._change)
        self.rules.activated.connect(lambda _rule: self._change())
        self.verify.clicked.connect(self._verify)
        self.ask.clicked.connect(self.look)
        self.run.clicked.connect(self._run)

    def show_all(self, found: Privacy) -> None:
        """Show rules and archives."""
        self.rules.set_rows(found.rules)
        self.archives.set_rows(found.archives)
        self.rules.select_first()

    def look(self) -> None:
        """Find out what may leave: it takes a while, the rest goes on."""
        self.ask.setEnabled(False)
        self.told.setText(_("Looking for what may leave…"))
        self._work.background(
            self,
            planned,
            then=self._show_plan,
            settled=lambda: self.ask.setEnabled(True),
            db=self._work.db,
            today=self._screen.desk.today(),
        )

    def _show_plan(self, found: RetentionPlan) -> None:
        self.plan = found
        self.leaving.set_empty(_("Nothing is old enough to leave."))
        self.leaving.set_rows(found.rows.tables)
        self.run.setEnabled(not found.is_empty)
        rows = ngettext("{n} record may leave", "{n} records may leave", found.rows.total).format(n=number_text(found.rows.total))
        entries = ngettext("{n} entry of the audit trail", "{n} entries of the audit trail", found.journal.change_sets)
        self.told.setText(_("{rows}, and {entries}.").format(rows=rows, entries=entries.format(n=number_text(found.journal.change_sets))))

    def _change(self) -> None:
        rule: RuleRow | None = self.rules.current
        if rule is not None and self._screen.desk.may(commands.keep_for):
            YearsDialog(self._screen, rule).open()

    def _run(self) -> None:
        if self.plan is None:
            return
        ask_folder(self, _("Where the archives go"), partial(self._archive, self.plan), start=documents())

    def _archive(self, plan: RetentionPlan, folder: Path) -> None:
        dialog = ArchivingDialog(self._screen, folder, plan)
        dialog.finished.connect(self._after_run)
        dialog.open()

    def _after_run(self) -> None:
        self.run.setEnabled(False)
        self._screen.refresh()
        self.look()

    def _verify(self) -> None:
        ask_file(self, _("Choose an archive"), _("Archives (*.clinicarchive)"), self._check)

    def _check(self, path: Path) -> None:
        self.verify.setEnabled(False)
        self._work.background(
            self,
            verified,
            then=lambda found: self._tell(path.name, found),
            settled=lambda: self.verify.setEnabled(True),
            db=self._work.db,
            actor=self._screen.desk.actor,
            path=path,
        )

    def _tell(self, name: str, found: Verified) -> None:
        text = (
            _("{file} is whole: {n} records.") if found.is_known else _("{file} is whole, but this database does not know it: {n} records.")
        )
        tone = Tone.GOOD if found.is_known else Tone.WARN
        self._screen.desk.toast(text.format(file=name, n=number_text(found.rows)), tone=tone)
        self._screen.refresh()


def _rule_columns() -> list[Column]:
    return [
        Column(_("Records"), lambda one: _(KINDS[one.kind]), width=0, tooltip=lambda one: _(one.why)),
        Column(_("Years"), lambda one: number_text(one.years), align=END, width=64),
        Column(_("At least"), lambda one: number_text(one.shortest), align=END, width=76, tooltip=lambda one: _(one.why)),
    ]


def _archive_columns(zone: str) -> list[Column]:
    return [
        Column(_("Made"), lambda one: date_text(business_date(one.made_at, zone)), width=112, sort_key=lambda one: one.made_at),
        Column(_("File"), lambda one: one.file_name, width=0, tooltip=lambda one: one.file_name),
        Column(_("Records"), lambda one: number_text(one.rows), align=END, width=76, sort_key=lambda one: one.rows),
        Column(_("Size"), lambda one: size_text(one.size_bytes), align=END, width=68, sort_key=lambda one: one.size_bytes),
        Column(_("Verified"), lambda one: date_text(business_date(one.verified_at, zone)), width=112, sort_key=lambda one: one.verified_at),
    ]


def _plan_columns() -> list[Column]:
    return [
        Column(_("Records"), lambda one: table_text(one.table), width=206),
        Column(_("Kept as"), lambda one: _(KINDS[one.kind]), width=206),
        Column(_("Leave"), lambda one: number_text(one.leaving), align=END, width=80, sort_key=lambda one: one.leaving),
        Column(
            _("Old, but stay"),
            lambda one: staying_text(one.staying),
            width=0,
            tooltip=lambda one: staying_text(one.staying),
            sort_key=lambda one: sum(reason.rows for reason in one.staying),
        ),
    ]
