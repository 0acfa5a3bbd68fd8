"""Cards to print, one that takes another's place, and what is on the record afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.commands import issue_id_card
from clinic_desktop.clinic.patients.commands.cards import VALID_MONTHS
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries import CardRow, PatientRow
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.cards.batch import issue_cards
from clinic_desktop.ui.screens.cards.replacing import ReplaceCard, replace_card
from clinic_desktop.ui.screens.cards.screen import CardsScreen
from clinic_desktop.ui.screens.cards.to_print import Listed
from tests.ui.hands import double_click, modal, warned
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.reception_desk import House, Settle, asha, reception
from tests.ui.screens.set_up_room import at

__all__ = ["asha", "at"]
LEFT = Qt.MouseButton.LeftButton


def card_of(front: FrontDesk, patient: PatientRow) -> CardRow | None:
    found: CardRow | None = front.ask(queries.card_in_use, patient.id)
    return found


def issue(front: FrontDesk, patient: PatientRow) -> CardRow:
    made: CardRow = front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=patient.id)
    return made


def save(preview: Preview, path: Path, settle: Settle) -> None:
    """The way out of this machine that needs no printer."""
    preview.save(path)
    settle()


def show_list(screen: CardsScreen, listed: Listed, settle: Settle) -> list[str]:
    screen.listed.set_value(listed)
    settle()
    return [row.full_name for row in screen.table.table.rows]


def test_who_comes_today_with_a_card_that_ends_gets_a_new_one_by_one_key(
    at: Callable[..., CardsScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    ravi, tara = front.patient("Ravi", "Iyer"), front.patient("Tara", "Sen")
    lasting = issue(front, tara)
    front.world.db.run(front.world.system(), set_setting, key=VALID_MONTHS.key, value=1)
    ending = issue(front, asha)
    issue(front, ravi)  # who does not come today
    front.book(asha)
    front.walk_in(tara)
    screen = at(CardsScreen)
    screen.open(listed="TO_RENEW")
    settle()
    assert [(row.full_name, row.valid_until) for row in screen.table.table.rows] == [("Asha Kulkarni", ending.valid_until)]
    assert screen.said.text() == "1 card · 1 is issued first"
    front.world.db.run(front.world.system(), set_setting, key=VALID_MONTHS.key, value=24)
    hands.press(Qt.Key.Key_F9)
    modal(Preview, qtbot).reject()
    settle()
    card = card_of(front, asha)
    assert card is not None
    assert card.card_number != ending.card_number
    assert screen.table.table.rows == []
    assert card_of(front, tara) == lasting


def test_those_without_a_card_get_one_and_it_is_printed_once(
    at: Callable[..., CardsScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    ravi, tara = front.patient("Ravi", "Iyer"), front.patient("Tara", "Sen")
    issue(front, tara)
    screen = at(CardsScreen)
    settle()
    assert show_list(screen, Listed.NOT_PRINTED, settle) == ["Tara Sen"]
    assert show_list(screen, Listed.WITHOUT_CARD, settle) == ["Asha Kulkarni", "Ravi Iyer"]
    assert screen.said.text() == "2 cards · 2 are issued first"
    screen.table.table.grid.setFocus()
    screen.table.table.select_first()
    hands.press(Qt.Key.Key_Space)
    assert screen.said.text() == "1 card · 1 is issued first"
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    double_click(screen.printing)
    preview = modal(Preview, qtbot)
    assert len(preview._pages) == 4
    save(preview, tmp_path / "cards.pdf", settle)
    for patient in (asha, ravi):
        card = card_of(front, patient)
        assert card is not None
        assert card.print_count == 1
    assert [row.full_name for row in screen.table.table.rows] == []
    assert show_list(screen, Listed.NOT_PRINTED, settle) == ["Tara Sen"]


def test_a_batch_is_chosen_and_printed_by_keys_alone(
    at: Callable[..., CardsScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    ravi = front.patient("Ravi", "Iyer")
    screen = at(CardsScreen)
    grid = screen.table.table.grid
    assert screen.isAncestorOf(QApplication.focusWidget())
    _go_to(screen.listed, hands)
    hands.press(Qt.Key.Key_Down)
    settle()
    assert [row.full_name for row in screen.table.table.rows] == ["Asha Kulkarni", "Ravi Iyer"]
    _go_to(grid, hands)
    hands.press(Qt.Key.Key_Space)
    assert [row.full_name for row in screen.table.chosen] == ["Ravi Iyer"]
    _go_to(screen.paper, hands)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_F9)
    preview = modal(Preview, qtbot)
    assert preview._pages[0].width() < preview._pages[0].height(), "a sheet of A4"
    hands.press(Qt.Key.Key_Escape)
    settle()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    assert (card_of(front, asha), card_of(front, ravi) is None) == (None, False)
    assert [row.full_name for row in screen.table.table.rows] == ["Asha Kulkarni"]
    assert screen.isAncestorOf(QApplication.focusWidget()), "the keyboard is still here"


def _go_to(widget: QWidget, hands: Hands) -> None:
    for _stop in range(40):
        if widget.hasFocus():
            return
        hands.press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not come to {widget}")


def test_one_who_is_refused_does_not_stop_the_rest(
    front: FrontDesk, asha: PatientRow, at: Callable[..., CardsScreen], settle: Settle, qtbot: QtBot
) -> None:
    ravi = front.patient("Ravi", "Iyer")
    screen = at(CardsScreen)
    show_list(screen, Listed.WITHOUT_CARD, settle)
    with front.world.db.write(front.world.system()) as tx:  # while the list stands there
        tx.command = "test"
        tx.session.get_one(Patient, asha.id).status = PatientStatus.DECEASED
    QTest.mouseClick(screen.printing, LEFT)
    preview = modal(Preview, qtbot)
    assert "Asha Kulkarni: A card is only for a patient whose record is in use." in screen.problem.text()
    assert card_of(front, ravi) is not None
    preview.reject()


def test_chosen_patients_are_scanned_or_typed_and_stay_over_a_lock(
    at: Callable[..., CardsScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    ravi = front.patient("Ravi", "Iyer")
    front.patient("Asha", "Rao")
    card = issue(front, ravi)
    screen = at(CardsScreen)
    assert not screen.scanned(card.qr_payload)  # another list is shown: the scan opens the patient
    show_list(screen, Listed.CHOSEN, settle)
    assert screen.scanned(card.qr_payload)
    settle()
    screen.add.setFocus()
    hands.type("asha")
    hands.press(Qt.Key.Key_Return)
    settle()
    assert "Several patients" in screen.problem.text()
    hands.type(" kulk")
    hands.press(Qt.Key.Key_Return)
    settle()
    settle()
    assert [row.full_name for row in screen.table.table.rows] == ["Ravi Iyer", "Asha Kulkarni"]
    assert screen.problem.text() == ""
    kept = screen.whereabouts()
    assert kept is not None
    again = at(CardsScreen)
    again.restore(kept)
    settle()
    assert [row.full_name for row in again.table.table.rows] == ["Ravi Iyer", "Asha Kulkarni"]


def test_a_batch_that_is_cancelled_keeps_what_was_issued(front: FrontDesk, asha: PatientRow) -> None:
    class Enough(Exception):
        pass

    class Stop:
        def report(self, done: int, _total: int, _label: str = "") -> None:
            if done == 1:
                raise Enough

    ravi = front.patient("Ravi", "Iyer")
    people = front.ask(queries.cards_of_patients, [asha.id, ravi.id])
    world = front.world
    key = asha.id
    ask = {"db": world.db, "actor": world.actor("receptionist"), "clinic_id": world.clinic_id, "people": people, "key": key}
    with pytest.raises(Enough):
        issue_cards(**ask, progress=Stop())  # type: ignore[arg-type]
    first = card_of(front, asha)
    assert first is not None
    assert card_of(front, ravi) is None
    rest = issue_cards(**ask, progress=_Quiet())  # type: ignore[arg-type]
    assert rest.cards[0] == (asha.id, first.id)
    assert rest.refused == ()


class _Quiet:
    def report(self, *_told: object) -> None:
        """Nobody looks."""


def test_a_lost_card_is_replaced_from_the_file_and_the_old_one_warns(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    old = issue(front, asha)
    shell = house("receptionist")
    screen = reception(shell)
    shell.take_scan(old.qr_payload)
    settle()
    assert "replace_card" in [spec.code for spec in screen.file.more.specs]
    screen.file.more.start(next(spec for spec in screen.file.more.specs if spec.code == "replace_card"))
    settle()
    dialog = modal(ReplaceCard, qtbot)
    assert not dialog.form.fields["reason"].isVisible()
    hands.press(Qt.Key.Key_F9)
    settle()
    preview = modal(Preview, qtbot)
    preview.reject()
    new = card_of(front, asha)
    assert new is not None
    assert new.id != old.id
    shell.take_scan(old.qr_payload)
    settle()
    assert "reported lost" in warned()


def test_a_card_is_only_revoked_with_a_reason_and_who_has_none_is_told(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    shell = house("receptionist")
    screen = reception(shell)
    said: list[str] = []
    shell.desk.toasted.connect(lambda text, _tone, _undo: said.append(text))
    replace_card(screen, screen, asha)
    settle()
    assert said == ["This patient has no ID card in use."]
    issue(front, asha)
    replace_card(screen, screen, asha)
    settle()
    dialog = modal(ReplaceCard, qtbot)
    dialog.form["why"].setCurrentIndex(3)
    QTest.mouseClick(dialog.revoke, LEFT)
    assert dialog.form.fields["reason"].error
    dialog.form["reason"].setFocus()
    hands.type("Found in the street")
    QTest.mouseClick(dialog.revoke, LEFT)
    settle()
    assert card_of(front, asha) is None
    assert said[-1] == "Card CRD-2026-000001 is revoked."
