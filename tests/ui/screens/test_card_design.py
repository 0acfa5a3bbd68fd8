"""The designer of identity cards, by mouse and keys on the real screen; what it shows is what is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.card_design import STANDARD, UPRIGHT, CardLayout, Element, Item, Shape, Side
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens import cards
from clinic_desktop.ui.screens.cards.design import Design
from clinic_desktop.ui.screens.cards.design_screen import DesignScreen
from clinic_desktop.ui.screens.cards.save_design import SaveDesign
from clinic_desktop.ui.screens.cards.snapping import MARGIN, REACH, snapped
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.conftest import LOOKS
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.set_up_room import at

__all__ = ["at"]
Wait = Callable[[], None]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
PLACE = {one.item: place for place, one in enumerate(STANDARD.front)}


@pytest.fixture
def screen(at: Callable[..., DesignScreen], settle: Wait, qtbot: QtBot) -> DesignScreen:
    made = at(DesignScreen)
    qtbot.waitUntil(lambda: made.faces is not None)
    settle()
    return made


def middle(screen: DesignScreen, item: Item) -> QPoint:
    return screen.canvas.box(screen.design.elements[PLACE[item]]).center().toPoint()


def drag(screen: DesignScreen, start: QPoint, by: QPointF) -> None:
    """Press, move in small steps and let go; ``by`` in mm."""
    canvas = screen.canvas
    end = start + (by * canvas.scale).toPoint()
    QTest.mousePress(canvas, LEFT, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(canvas, start + (end - start) * step / 5)
    QTest.mouseRelease(canvas, LEFT, pos=end)


def saved(world: World, settle: Wait) -> queries.CardTemplateRow:
    """The design that cards get, once what was asked is done."""
    settle()
    settle()
    with world.db.read() as session:
        default = queries.default_template(session)
    assert default is not None
    return default


def test_a_field_is_chosen_dragged_to_a_line_and_put_back(screen: DesignScreen, hands: Hands, settle: Wait) -> None:
    before = screen.design.layout
    QTest.mouseClick(screen.canvas, LEFT, pos=middle(screen, Item.SEX))
    assert screen.design.chosen == STANDARD.front[PLACE[Item.SEX]]
    assert screen.fields.list.currentRow() == PLACE[Item.SEX]
    assert "26" in screen.canvas.accessibleDescription()
    drag(screen, middle(screen, Item.QR), QPointF(-0.3, 6.2))
    moved = screen.design.chosen
    assert moved is not None
    assert moved.item is Item.QR
    # Its end lies on the barcode’s again, near which it was let go.
    assert moved.y == pytest.approx(18.8, abs=REACH)
    assert screen.design.can_undo
    hands.press(Qt.Key.Key_Z, CTRL)
    assert screen.design.layout == before
    hands.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert screen.design.elements[PLACE[Item.QR]] == moved
    settle()
    assert screen.faces is not None
    assert screen.faces.layout == screen.design.layout


def test_arrow_keys_move_and_stretch_and_nothing_leaves_the_card(screen: DesignScreen, hands: Hands) -> None:
    screen.canvas.setFocus()
    hands.press(Qt.Key.Key_PageDown)
    while screen.design.chosen is None or screen.design.chosen.item is not Item.NAME:
        hands.press(Qt.Key.Key_PageDown)
    hands.press(Qt.Key.Key_Right)
    hands.press(Qt.Key.Key_Down, CTRL)
    hands.press(Qt.Key.Key_Left, SHIFT)
    chosen = screen.design.chosen
    assert chosen is not None
    assert (chosen.x, chosen.y, chosen.width) == (26.5, 14.3, 35.0)
    for _step in range(120):
        hands.press(Qt.Key.Key_Up)
    assert screen.design.chosen is not None
    assert screen.design.chosen.y == 0


def test_ticks_show_and_hide_and_faults_are_told(screen: DesignScreen, hands: Hands, settle: Wait) -> None:
    lines = screen.fields.list
    lines.setFocus()
    lines.setCurrentRow(PLACE[Item.ALLERGIES])
    hands.press(Qt.Key.Key_Space)
    assert screen.design.elements[PLACE[Item.ALLERGIES]].is_shown
    assert screen.warnings.isHidden()
    settle()
    drag(screen, middle(screen, Item.NAME), QPointF(0, 9))
    settle()
    assert "overlap" in screen.warnings.text()
    assert PLACE[Item.NAME] in screen.canvas.faulty
    lines.setCurrentRow(PLACE[Item.NAME])
    hands.press(Qt.Key.Key_Tab)
    for _step in range(9):
        screen.design.stretch(-4, 0)
    screen.sample.set_value("long")
    screen.sample.activated.emit(1)
    settle()
    assert "does not fit" in screen.warnings.text()
    screen.side.set_value(Side.BACK)
    screen.side.activated.emit(1)
    settle()
    assert screen.warnings.isHidden()
    assert lines.count() == len(STANDARD.back)


def test_colours_that_cannot_be_read_are_not_offered(screen: DesignScreen) -> None:
    accent, background = screen.properties.card["accent"], screen.properties.card["background"]
    assert "Light amber" not in [accent.itemText(place) for place in range(accent.count())]
    assert "Navy" not in [background.itemText(place) for place in range(background.count())]
    accent.take("#f0f0f0")
    assert "too alike" in screen.properties.card.fields["accent"].error
    assert screen.design.layout.accent == STANDARD.accent
    accent.take("#7a2767")
    assert screen.design.layout.accent == "#7a2767"


def test_a_save_is_a_version_for_new_cards_and_a_test_card_is_printed(
    screen: DesignScreen, hands: Hands, settle: Wait, qtbot: QtBot, world: World
) -> None:
    shape = screen.properties.card["shape"]
    shape.set_value(Shape.PORTRAIT)
    shape.activated.emit(1)
    hands.press(Qt.Key.Key_P, CTRL)
    preview = modal(Preview, qtbot)
    assert preview._pages[0].height() > preview._pages[0].width()
    preview.reject()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.canvas.setFocus()
    hands.press(Qt.Key.Key_S, CTRL)
    dialog = modal(SaveDesign, qtbot)
    hands.press(Qt.Key.Key_Return)
    assert dialog.form.fields["name"].error  # a name is needed
    hands.type("Standard")
    hands.press(Qt.Key.Key_Return)
    settle()
    assert "Choose another one" in dialog.form.fields["name"].error
    hands.type(" upright")
    hands.press(Qt.Key.Key_Return)
    default = saved(world, settle)
    assert (default.name, default.version, default.layout) == ("Standard upright", 1, UPRIGHT)
    assert screen.draft() is None
    assert screen.template.currentText().startswith("\u2068Standard upright, version 1")


def test_a_field_is_added_moved_written_and_saved_by_keys_alone(
    screen: DesignScreen, hands: Hands, settle: Wait, qtbot: QtBot, world: World, no_warnings: list[str]
) -> None:
    def go_to(widget: QWidget) -> None:
        for _stop in range(40):
            if widget.hasFocus():
                return
            hands.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not come to {widget}")

    assert screen.canvas.hasFocus()
    lines, more = screen.fields.list, screen.fields.more
    go_to(lines)
    while lines.currentRow() != PLACE[Item.ALLERGIES]:
        hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Space)
    assert screen.design.elements[PLACE[Item.ALLERGIES]].is_shown
    go_to(more)
    hands.press(Qt.Key.Key_Down)
    assert len(screen.design.elements) == len(STANDARD.front), "the keys that look for a field add none"
    popup = more.view()
    while more.itemText(popup.currentIndex().row()) != "Own text":
        QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    no_warnings.remove("This plugin does not support grabbing the keyboard")
    added = screen.design.chosen
    assert added is not None
    assert added.item is Item.TEXT
    go_to(screen.properties.field["text"])
    hands.type("Blood bank 108")
    go_to(screen.canvas)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_S, CTRL)
    modal(SaveDesign, qtbot)
    hands.type("By keys")
    hands.press(Qt.Key.Key_Return)
    default = saved(world, settle)
    written = default.layout.front[-1]
    assert (default.name, written.text, written.y) == ("By keys", "Blood bank 108", added.y + 0.5)
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    go_to(lines)
    hands.press(Qt.Key.Key_End)
    go_to(screen.fields.remove)
    hands.press(Qt.Key.Key_Return)
    assert len(screen.design.elements) == len(STANDARD.front)
    assert lines.hasFocus(), "on with the next one"


def test_a_design_that_is_not_saved_survives_and_is_asked_about(screen: DesignScreen, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    QTest.mouseClick(screen.canvas, LEFT, pos=middle(screen, Item.QR))
    screen.canvas.setFocus()
    hands.press(Qt.Key.Key_Down)
    kept = screen.draft()
    assert kept is not None
    screen.template.setCurrentIndex(1)
    screen.template.activated.emit(1)
    question = next(one for one in screen.findChildren(QPushButton) if one.text() == "Open it")
    qtbot.waitUntil(question.isVisible)
    QTest.mouseClick(question, LEFT)
    settle()
    assert screen.design.layout == UPRIGHT
    screen.restore(kept)
    screen.refresh()
    settle()
    assert screen.design.elements[PLACE[Item.QR]].y == 13.1


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_both_screens_of_cards_look_right(look: Callable[..., Any], theme: str, language: str) -> None:
    for spec in cards.SCREENS:
        look(spec, theme, language)


# No screen

NUMBERS = st.floats(-20, 120, allow_nan=False)
STEPS = st.lists(st.tuples(st.sampled_from(["move", "stretch", "show", "add", "remove", "turn"]), NUMBERS, NUMBERS), max_size=12)


@given(STEPS, st.integers(0, 8))
def test_every_step_is_taken_back_and_every_layout_can_be_kept(steps: list[tuple[str, float, float]], chosen: int) -> None:
    design = Design(STANDARD)
    design.choose(chosen)
    taken = 0
    for what, x, y in steps:
        before = design.layout
        if what in ("move", "stretch"):
            getattr(design, what)(x, y)
        elif what == "show":
            design.show(chosen, x > 0)
        elif what == "add":
            design.add(Item.TEXT, "Own")
        elif what == "remove":
            design.remove()
        else:
            design.turn(Shape.PORTRAIT if x > 0 else Shape.LANDSCAPE, UPRIGHT if x > 0 else STANDARD)
        taken += design.layout != before
        _inside(design.layout)
    for _step in range(taken):
        design.undo()
    assert design.layout == STANDARD
    assert not design.can_undo


def _inside(layout: CardLayout) -> None:
    for one in (*layout.front, *layout.back):
        assert 0 <= one.x <= one.right <= layout.width + 0.011
        assert 0 <= one.y <= one.bottom <= layout.height + 0.011


@given(NUMBERS, NUMBERS)
def test_a_dropped_field_lies_where_it_was_dropped_or_on_a_line_in_reach(x: float, y: float) -> None:
    one, others = Element(Item.NAME, 0, 0, 30, 6), STANDARD.front[4:8]
    found = snapped(STANDARD, others, one, x, y)
    assert abs(found.x - x) < REACH
    assert abs(found.y - y) < REACH
    assert (found.upright is None) == (found.x == x) or found.x == pytest.approx(x)
    exact = snapped(STANDARD, others, one, MARGIN + 0.2, y)
    assert exact.upright is not None
