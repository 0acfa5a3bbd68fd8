"""The documents of a patient under real hands: dropped, chosen, scanned, looked at, described, put aside, handed out."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import AccessLevel, DocumentCategory
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.journal import NOTE, AuditLog
from clinic_desktop.kernel.store import store_of
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.documents.attaching import AttachDialog
from clinic_desktop.ui.screens.documents.describing import DescribeDialog
from clinic_desktop.ui.screens.documents.moving import MoveDialog
from clinic_desktop.ui.screens.documents.part import DocumentsPart
from clinic_desktop.ui.screens.documents.viewer import Viewer
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.patients.desk import register
from tests.clinic.patients.folder import attach, folder
from tests.clinic.patients.hostile_files import built_pdf, pdf, picture
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.folder_desk import OpenFile, drop, open_file, part, written
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.reception_desk import asha
from tests.ui.walk import unnamed

__all__ = ["asha", "open_file"]
Wait = Callable[[], None]
KEY, CLICK = Qt.Key, Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SCRIPT = built_pdf("<< /S /JavaScript /JS (app.alert\\(1\\)) >>", catalog="/OpenAction 4 0 R")


def documents(screen: object) -> DocumentsPart:
    found = part(screen, "documents")  # type: ignore[arg-type]
    assert isinstance(found, DocumentsPart)
    return found


def notes(world: World, event: str) -> int:
    with world.db.read() as session:
        return sum(f'"{event}"' in one.changes for one in session.query(AuditLog).where(AuditLog.operation == NOTE))


def test_files_are_dropped_described_once_and_one_that_is_hostile_says_why(
    open_file: OpenFile, asha: PatientRow, world: World, tmp_path: Path, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    screen = open_file(asha, "documents")
    tab = documents(screen)
    drop(
        tab,
        written(tmp_path, "knee.jpg", picture(kind="JPEG")),
        written(tmp_path, "letter.pdf", pdf(2)),
        written(tmp_path, "bad.pdf", SCRIPT),
    )
    dialog = modal(AttachDialog, qtbot)
    settle()
    assert dialog.attach.text() == "Attach 3 files"
    assert unnamed(dialog) == []
    dialog.form["category"].set_value(DocumentCategory.CORRESPONDENCE)
    dialog.form["tags"].setFocus()
    hands.type("knee, left")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    assert [(row.name, row.tags) for row in folder(world, asha.id)] == [("letter.pdf", ("knee", "left")), ("knee.jpg", ("knee", "left"))]
    assert dialog.isVisible()
    assert "bad.pdf: The PDF carries a program" in dialog.problem.text()
    assert dialog.attach.text() == "Attach 1 file"
    dialog.reject()
    screen.activateWindow()
    settle()
    assert [row.name for row in tab.table.rows] == ["letter.pdf", "knee.jpg"]
    assert screen.file.tabs.tabText(screen.file.tabs.currentIndex()) == "Documents (2)"
    assert tab.name.text() == "letter.pdf"
    assert tab.sight.where.text() == "Page 1 of 2"
    QTest.mouseClick(tab.sight.after, CLICK)
    settle()
    assert tab.sight.page == 1


def test_a_file_is_chosen_by_keys_alone_and_double_enter_attaches_it_once(
    open_file: OpenFile, asha: PatientRow, world: World, tmp_path: Path, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    screen = open_file(asha, "documents")
    path = written(tmp_path, "report.txt", b"Haemoglobin 12,4")
    hands.press(KEY.Key_F2)
    chooser = modal(QFileDialog, qtbot)
    edit = chooser.findChild(QLineEdit, "fileNameEdit")
    edit.setText(str(path))
    QTest.keyClick(edit, KEY.Key_Return)
    dialog = modal(AttachDialog, qtbot)
    settle()
    QTest.keyClick(dialog, KEY.Key_Return, CTRL)
    QTest.keyClick(dialog, KEY.Key_Return, CTRL)
    settle()
    screen.activateWindow()
    settle()
    (row,) = folder(world, asha.id)
    assert row.name == "report.txt"
    assert documents(screen).sight.text.toPlainText() == "Haemoglobin 12,4"


def test_scans_are_offered_when_they_are_whole_and_leave_the_scanners_folder(
    open_file: OpenFile, asha: PatientRow, front: FrontDesk, tmp_path: Path, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    world, scanner = front.world, tmp_path / "scans"
    scanner.mkdir()
    place = {"clinic_id": None, "workstation_id": world.workstations["front desk"]}
    world.db.run(world.actor("admin"), set_setting, key="patients.scanner_folder", value=str(scanner), **place)
    screen = open_file(asha, "documents")
    tab = documents(screen)
    whole = written(scanner, "scan1.png", picture())
    growing = written(scanner, "scan2.png", picture(70, 70)[:50], age=0)
    written(scanner, "scan3.png.part", picture())
    for _look in range(2):
        tab.scans.look()
        settle()
    assert tab.scans_button.text() == "1 new scan"
    growing.write_bytes(picture(70, 70))
    tab.scans.look()
    settle()
    assert tab.scans_button.text() == "1 new scan"  # it has just been written
    hands.press(KEY.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    modal(AttachDialog, qtbot)
    settle()
    hands.press(KEY.Key_Return, CTRL)
    settle()
    settle()
    assert [row.name for row in folder(world, asha.id)] == ["scan1.png"]
    assert not whole.exists()
    assert (scanner / "done" / "scan1.png").is_file()
    assert not tab.scans_button.isVisible()
    screen.activateWindow()


def test_a_document_is_described_put_aside_and_taken_back(
    open_file: OpenFile, asha: PatientRow, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    attach(world, asha.id, name="a.png")
    attach(world, asha.id, name="b.pdf", data=pdf(), category=DocumentCategory.INSURANCE)
    screen = open_file(asha, "documents")
    tab = documents(screen)
    tab.kind.set_value(DocumentCategory.FORMS_DOCUMENTS)
    settle()
    assert [row.name for row in tab.table.rows] == ["a.png"]
    tab.table.grid.setFocus()
    hands.press(KEY.Key_E, CTRL)
    dialog = modal(DescribeDialog, qtbot)
    assert unnamed(dialog) == []
    dialog.form["description"].setFocus()
    hands.type("Both knees")
    dialog.form["file_name"].setFocus()
    dialog.form["file_name"].selectAll()
    hands.type("knees")
    hands.press(KEY.Key_S, CTRL)
    settle()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    row = next(one for one in folder(world, asha.id) if one.category is DocumentCategory.FORMS_DOCUMENTS)
    assert (row.name, row.description) == ("knees.png", "Both knees")
    tab.table.grid.setFocus()
    hands.press(KEY.Key_Delete, CTRL)
    settle()
    assert [one.name for one in folder(world, asha.id)] == ["b.pdf"]
    tab.place.set_value(True)
    settle()
    assert [one.name for one in tab.table.rows] == ["knees.png"]
    QTest.mouseClick(tab.take_back, CLICK)
    settle()
    assert len(folder(world, asha.id)) == 2


def test_a_document_of_the_wrong_patient_is_moved_by_keys_and_moved_back(
    open_file: OpenFile, asha: PatientRow, world: World, hands: Hands, settle: Wait, qtbot: QtBot, picture: Callable[..., Path]
) -> None:
    other = register(world, "Meera", "Joshi").id
    attach(world, asha.id, name="report.pdf", data=pdf())
    screen = open_file(asha, "documents")
    undone: list[Callable[[], object]] = []
    screen.desk.toasted.connect(lambda _said, _tone, undo: undone.append(undo))
    documents(screen).table.grid.setFocus()
    hands.press(KEY.Key_E, CTRL)
    describing = modal(DescribeDialog, qtbot)
    picture(describing, "document-described")
    QTest.mouseClick(describing.other, CLICK)
    moving = modal(MoveDialog, qtbot)
    assert unnamed(moving) == []
    hands.type("meera")
    qtbot.waitUntil(lambda: moving.go.isEnabled())
    picture(moving, "document-moved")
    hands.press(KEY.Key_Return)
    settle()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    settle()
    assert documents(screen).table.rows == []
    assert [row.name for row in folder(world, other)] == ["report.pdf"]
    undone[-1]()
    settle()
    assert [row.name for row in documents(screen).table.rows] == ["report.pdf"]


def test_a_document_for_clinicians_is_not_there_for_the_desk_and_leaves_a_trace_when_a_doctor_looks(
    open_file: OpenFile, asha: PatientRow, world: World, settle: Wait, qtbot: QtBot, tmp_path: Path, hands: Hands
) -> None:
    attach(world, asha.id, name="scan.png", access_level=AccessLevel.DOCTOR)
    screen = open_file(asha, "documents")
    assert documents(screen).table.rows == []
    screen.close()
    before = notes(world, "document")
    screen = open_file(asha, "documents", role="admin")
    tab = documents(screen)
    assert [row.name for row in tab.table.rows] == ["scan.png"]
    qtbot.waitUntil(lambda: notes(world, "document") == before + 1)
    tab.table.grid.setFocus()
    hands.press(KEY.Key_Return)
    viewer = modal(Viewer, qtbot)
    settle()
    assert unnamed(viewer) == []
    hands.press(KEY.Key_S, CTRL)
    chooser = modal(QFileDialog, qtbot)
    edit = chooser.findChild(QLineEdit, "fileNameEdit")
    assert edit.text() == "scan.png"
    edit.setText(str(tmp_path / "copy.png"))
    QTest.keyClick(edit, KEY.Key_Return)
    settle()
    settle()
    assert (tmp_path / "copy.png").read_bytes() == picture()
    assert notes(world, "exported") == 1
    viewer.activateWindow()
    qtbot.waitUntil(viewer.isActiveWindow)
    QTest.keyClick(viewer, KEY.Key_P, CTRL)
    settle()
    preview = modal(Preview, qtbot)
    preview.reject()
    viewer.activateWindow()
    viewer.reject()
    screen.activateWindow()


def test_the_list_shows_small_pictures_of_what_needs_no_trace(
    open_file: OpenFile, asha: PatientRow, world: World, settle: Wait, qtbot: QtBot
) -> None:
    drawn = {"red": picture(colour="red"), "blue": picture(colour="blue"), "lime": picture(colour="lime")}
    attach(world, asha.id, name="gone.png", data=drawn["lime"])
    attach(world, asha.id, name="secret.png", data=drawn["blue"], access_level=AccessLevel.DOCTOR)
    attach(world, asha.id, name="knee.png", data=drawn["red"])
    store_of(world.db).remove(sha256(drawn["lime"]).hexdigest())
    before = notes(world, "document")
    tab = documents(open_file(asha, "documents", role="admin"))
    settle()
    seen = tab.table.grid.viewport().grab().toImage()

    def coloured(place: int) -> set[str]:
        height = tab.table.grid.rowHeight(place)
        top = tab.table.grid.rowViewportPosition(place)
        dots = {seen.pixelColor(x, y).name() for x in range(60) for y in range(top, top + height)}
        return {name for name, colour in (("red", "#ff0000"), ("blue", "#0000ff"), ("lime", "#00ff00")) if colour in dots}

    assert [(row.name, coloured(place)) for place, row in enumerate(tab.table.rows)] == [
        ("knee.png", {"red"}),
        ("secret.png", set()),
        ("gone.png", set()),
    ]
    assert tab.sight.empty.isHidden()
    assert notes(world, "document") == before


@pytest.mark.parametrize(("theme", "language"), [("dark", "en"), ("light", "ar"), ("light", "hi")])
def test_how_it_looks(
    open_file: OpenFile,
    asha: PatientRow,
    world: World,
    settle: Wait,
    picture: Callable[..., Path],
    qapp: QApplication,
    theme: str,
    language: str,
) -> None:
    from tests.clinic.patients.hostile_files import picture as drawn

    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    attach(world, asha.id, name="Referral Dr Menon.pdf", data=pdf(3), category=DocumentCategory.CORRESPONDENCE, tags=("knee",))
    attach(world, asha.id, name="consent form.png", data=drawn(300, 400, colour="gray"), access_level=AccessLevel.PATIENT)
    attach(world, asha.id, name="OPG 2026-03-02.jpg", data=drawn(900, 450, kind="JPEG"), category=DocumentCategory.DIAGNOSTIC_IMAGES)
    screen = open_file(asha, "documents", width=1130, height=640)
    assert unnamed(documents(screen)) == []
    picture(screen, f"documents-{theme}-{language}")
