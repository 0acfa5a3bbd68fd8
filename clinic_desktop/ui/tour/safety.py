"""The owner sees to safety: the audit trail, backups, privacy, and what sites disagree about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.getting_about import go_to, tab

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.audit.screen import AuditScreen
    from clinic_desktop.ui.screens.backups.screen import BackupsScreen
    from clinic_desktop.ui.screens.privacy.screen import PrivacyScreen
    from clinic_desktop.ui.screens.reconcile.screen import ReconcileScreen


def trail(driver: Driver) -> None:
    """The audit trail: an entry in full, and the proof that none is missing."""
    screen: AuditScreen = go_to(driver, "audit")
    driver.patience.until(lambda: screen.table.rows, "entries")
    driver.pick_row(screen.table, lambda entry: entry.subject is not None)
    driver.patience.until(lambda: screen.detail.told is not None, "the entry in full")
    driver.snap("admin-audit")
    driver.press("F8")
    dialog = driver.dialog("VerifyDialog")
    driver.patience.until(lambda: not dialog.outcome.isHidden(), "the end of the verification")
    driver.snap("admin-audit-verified")
    driver.press("Escape")
    driver.no_dialog()


def backups(driver: Driver) -> None:
    """A backup now, and the way back: looked at, not gone."""
    screen: BackupsScreen = go_to(driver, "backups")
    driver.patience.until(lambda: screen.looked is not None, "the backups")
    driver.snap("admin-backups")
    if screen.looked is None or screen.looked.is_plain:
        return
    driver.press("F2")
    driver.patience.until(lambda: screen.table.rows, "the backup", times=3)
    driver.pick_row(screen.table, lambda _one: True)
    driver.snap("admin-backed-up")
    driver.press("F9")
    dialog = driver.dialog("RestoreDialog")
    driver.snap("admin-restore")
    driver.click(dialog.look)
    driver.patience.until(lambda: dialog.wanted is not None, "a look into the backup", times=3)
    driver.snap("admin-restore-preview")
    driver.press("Escape")
    driver.no_dialog()


def privacy(driver: Driver) -> None:
    """A request for one's own data, restricted records, and how long is kept."""
    screen: PrivacyScreen = go_to(driver, "privacy")
    driver.press("Insert")
    form = driver.dialog("RequestDialog").form
    if driver.story.patient_id is None:  # the patient of the story, when the whole day is played
        driver.press("Escape")
    else:
        patient = driver.ask(patients.patient, patient_id=driver.story.patient_id)
        form["number"].setText(patient.patient_number)  # typed at the pace of a tour it would be a scanned card
        driver.click(form["asked_by"])
        driver.type(patient.full_name)
        form["identity_check"].setFocus()
        driver.press("Down")
        driver.click(form["identity_note"])
        driver.type("Passport")
        driver.snap("admin-privacy-request")
        driver.press("Return")
    driver.no_dialog()
    if driver.story.patient_id is not None:
        driver.pick_row(screen.requests.table, lambda _request: True)
    driver.snap("admin-privacy")
    for place, name in ((1, "admin-privacy-restricted"), (2, "admin-privacy-retention")):
        tab(driver, screen.tabs.tabBar(), place)
        if place == 2:
            driver.press("F9")
            driver.patience.until(lambda: screen.retention.plan is not None, "what may leave")
        driver.snap(name)


def chain(driver: Driver) -> None:
    """What sites would disagree about, how sync stands, and the way into a chain."""
    screen: ReconcileScreen = go_to(driver, "reconcile")
    driver.snap("admin-reconcile")
    tab(driver, screen.tabs.tabBar(), 2)
    driver.snap("admin-reconcile-alike")
    driver.press("Ctrl+Shift+Y")
    panel = driver.dialog("SyncDialog")
    driver.patience.until(lambda: panel.join_button.isVisible(), "how sync stands")
    driver.snap("sync-panel")
    driver.click(panel.join_button)
    driver.dialog("JoinChainDialog")
    driver.snap("sync-join")
    driver.press("Escape")
    driver.press("Escape")
    driver.no_dialog()
