"""Lists: models that Qt's own tester accepts, refreshes that keep the place, filter, sort, keys and export."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.tabular import safe_cell
from clinic_desktop.ui.csv_export import write_csv
from clinic_desktop.ui.rows import CHIP_ROLE, Column, RowsModel
from clinic_desktop.ui.table import END, PageWanted, TableView
from clinic_desktop.ui.theme.tokens import Tone

Show = Callable[[QWidget], None]


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    age: int = 30


COLUMNS = [
    Column("Name", lambda p: p.name, width=0),
    Column("Age", lambda p: str(p.age), align=END, sort_key=lambda p: p.age),
    Column("Status", lambda p: "adult" if p.age > 17 else "child", chip=lambda p: Tone.GOOD if p.age > 17 else None),
]
PEOPLE = [Person(1, "Asha", 34), Person(2, "Béla", 9), Person(3, "Čarls", 100), Person(4, "أحمد", 41)]


@pytest.fixture
def table(qtbot: QtBot) -> TableView:
    made = TableView("People", COLUMNS, empty="Nobody here. Add someone.")
    qtbot.addWidget(made)
    return made


def names(table: TableView) -> list[str]:
    return [row.name for row in table.rows]


def test_qt_accepts_the_model_through_every_kind_of_change(qtmodeltester: ModelTester) -> None:
    model = RowsModel(COLUMNS)
    model.set_rows(PEOPLE)
    qtmodeltester.check(model)
    model.set_rows([Person(9, "New"), *reversed(PEOPLE[1:]), Person(10, "Last")])
    model.set_filter("a")
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.set_rows([])
    qtmodeltester.check(model)


_people = st.lists(st.builds(Person, st.integers(0, 12), st.sampled_from("abc"), st.integers(0, 3)), max_size=12, unique_by=lambda p: p.id)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_people, after=_people, sort=st.sampled_from([None, 0, 1]), words=st.sampled_from(["", "a", "b"]))
def test_a_refresh_ends_in_the_new_rows_and_keeps_every_index_on_its_row(
    qapp: object, before: list[Person], after: list[Person], sort: int | None, words: str
) -> None:
    model = RowsModel(COLUMNS)
    model.set_rows(before)
    marks = {row.id: QPersistentModelIndex(model.index(place, 0)) for place, row in enumerate(model.rows)}
    if sort is not None:
        model.sort(sort)
    model.set_filter(words)
    model.set_rows(after)
    wanted = [row for row in after if not words or words in row.name]
    if sort is not None:
        wanted.sort(key=(lambda p: p.name) if sort == 0 else (lambda p: p.age))
    assert model.rows == wanted
    for key, mark in marks.items():
        # Between the two states everything may go; what is there again must be where it says.
        assert not mark.isValid() or model.rows[mark.row()].id == key


def test_a_refresh_tells_views_only_what_changed(qtbot: QtBot) -> None:
    model = RowsModel(COLUMNS)
    model.set_rows(PEOPLE)
    told: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _p, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _p, first, last: told.append(("out", first, last)))
    model.dataChanged.connect(lambda first, last: told.append(("change", first.row(), last.row())))
    model.modelReset.connect(lambda: told.append(("reset", 0, 0)))
    model.set_rows([replace(PEOPLE[0], age=35), *PEOPLE[2:], Person(5, "Eva")])
    assert told == [("out", 1, 1), ("in", 3, 3), ("change", 0, 0)]
    told.clear()
    model.set_rows([replace(PEOPLE[0], age=35), *PEOPLE[2:], Person(5, "Eva")])
    assert told == []


def test_the_selection_stays_on_its_row(table: TableView, show: Show) -> None:
    show(table)
    table.set_rows(PEOPLE)
    assert table.select(3)
    table.set_rows([Person(0, "Aaron"), *PEOPLE])
    assert table.current == PEOPLE[2]
    table.grid.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    assert table.current == PEOPLE[2]
    table.set_rows(PEOPLE[:2])
    assert table.current is None or table.current.id != 3


def test_typing_in_the_list_filters_it_without_accents(table: TableView, show: Show, qtbot: QtBot) -> None:
    show(table)
    table.set_rows(PEOPLE)
    table.grid.setFocus()
    QTest.keyClicks(table.grid, "b")
    QTest.keyClicks(table.filter, "ela")
    qtbot.waitUntil(lambda: names(table) == ["Béla"])
    assert table.count.text() == "1 of 4"
    QTest.keyClick(table.filter, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(names(table)) == 4)


def test_arabic_is_found_however_its_alef_is_written(table: TableView, qtbot: QtBot) -> None:
    table.set_rows(PEOPLE)
    table.filter.setText("احمد")
    qtbot.waitUntil(lambda: names(table) == ["أحمد"])


def test_a_click_on_the_heading_sorts_by_the_value_not_by_its_text(table: TableView, show: Show) -> None:
    show(table)
    table.set_rows(PEOPLE)
    head = table.grid.horizontalHeader()
    at = QPoint(head.sectionViewportPosition(1) + 10, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
    ages = [row.age for row in table.rows]
    assert ages in ([9, 34, 41, 100], [100, 41, 34, 9])
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [row.age for row in table.rows] == ages[::-1]


def test_enter_and_double_click_open_the_row(table: TableView, show: Show, qtbot: QtBot) -> None:
    show(table)
    table.set_rows(PEOPLE)
    opened: list[Person] = []
    table.activated.connect(opened.append)
    table.grid.setFocus()
    table.select(2)
    QTest.keyClick(table.grid, Qt.Key.Key_Down)
    QTest.keyClick(table.grid, Qt.Key.Key_Return)
    assert opened == [PEOPLE[2]]
    middle = table.grid.visualRect(table.model.index(0, 0)).center()
    QTest.mouseClick(table.grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(table.grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened == [PEOPLE[2], PEOPLE[0]]


def test_an_empty_list_says_what_to_do(table: TableView, show: Show) -> None:
    show(table)
    assert table.empty.isVisible()
    table.set_rows(PEOPLE)
    assert not table.empty.isVisible()
    assert table.grid.isVisible()


def test_who_comes_to_a_list_before_its_rows_is_at_the_rows_once_they_are_there(show: Show) -> None:
    plain = TableView("People", COLUMNS, filterable=False)
    show(plain)
    plain.setFocus()
    assert plain.focusWidget() is not plain.grid  # there is only its menu
    plain.set_rows(PEOPLE)
    assert plain.grid.hasFocus()
    QTest.keyClick(plain.grid, Qt.Key.Key_Down)
    plain.set_rows([])
    plain.set_rows(PEOPLE)
    assert plain.grid.hasFocus()


def test_a_heading_is_never_cut_by_a_width_that_was_made_for_another_language(qtbot: QtBot) -> None:
    made = TableView("Signs", [Column("Time", str, width=0), Column("مؤشر كتلة الجسم", str, width=48)], key=id)
    qtbot.addWidget(made)
    head = made.grid.horizontalHeader()
    assert head.sectionSize(1) >= head.fontMetrics().horizontalAdvance("مؤشر كتلة الجسم") + 24


ROLES = [Column("Name", lambda p: p.name, width=0), Column("Role", lambda p: "Laboratory technician", width=60)]


def is_whole(table: TableView, place: int, text: str) -> bool:
    return table.grid.columnWidth(place) >= table.grid.fontMetrics().horizontalAdvance(text) + 24


def test_a_column_that_would_be_cut_takes_the_room_that_another_does_not_need(qtbot: QtBot, show: Callable[..., None]) -> None:
    made = TableView("Roles", ROLES)
    show(made, 600, 400)
    made.set_rows(PEOPLE)
    assert is_whole(made, 1, "Laboratory technician")
    assert made.grid.columnWidth(0) + made.grid.columnWidth(1) == made.grid.viewport().width()
    made.resize(260, 400)  # both are whole as long as neither keeps room that it does not need
    assert made.grid.columnWidth(0) + made.grid.columnWidth(1) == made.grid.viewport().width()
    assert is_whole(made, 1, "Laboratory technician")
    assert is_whole(made, 0, "Čarls")
    made.resize(200, 400)  # too narrow for both: the shorter one stays whole, and one can scroll
    qtbot.waitUntil(lambda: not is_whole(made, 1, "Laboratory technician"))
    assert is_whole(made, 0, "Čarls")


def test_on_a_wide_screen_no_column_takes_all_that_is_left(show: Callable[..., None]) -> None:
    columns = [Column("Print", lambda _p: "✓", width=60), Column("Name", lambda p: p.name, width=0), *ROLES[1:]]
    made = TableView("Roles", columns)
    show(made, 1800, 400)
    made.set_rows(PEOPLE)
    tick, name, role = (made.grid.columnWidth(place) for place in range(3))
    assert tick + name + role == made.grid.viewport().width()
    assert name < 2 * role, "the role is a hand's breadth away from whose it is"
    assert tick < name / 2


def test_what_is_cut_is_told_in_full_under_the_mouse(show: Callable[..., None]) -> None:
    made = TableView("Roles", [*ROLES, Column("Sign", lambda p: p.name, width=140, tooltip=lambda p: f"Known as {p.name}")])
    show(made, 600, 400)
    made.set_rows(PEOPLE)
    made.grid.setColumnWidth(1, 60)

    def told(place: int) -> str:
        QToolTip.hideText()
        at = made.grid.visualRect(made.model.index(0, place)).center()
        QApplication.sendEvent(made.grid.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, made.grid.viewport().mapToGlobal(at)))
        return QToolTip.text() if QToolTip.isVisible() else ""

    assert [told(place) for place in range(3)] == ["", "Laboratory technician", "Known as Asha"]


def test_a_width_does_not_jump_back_when_the_long_row_goes_and_one_that_was_dragged_stays(show: Callable[..., None]) -> None:
    made = TableView("Names", [Column("Name", lambda p: p.name, width=60), Column("Age", lambda p: str(p.age), width=0)])
    show(made, 600, 400)
    made.set_rows([Person(1, "Sunita Deshpande-Kulkarni"), *PEOPLE])
    assert is_whole(made, 0, "Sunita Deshpande-Kulkarni")
    grown = made.grid.columnWidth(0)
    made.set_rows(PEOPLE)
    assert made.grid.columnWidth(0) == grown
    head = made.grid.horizontalHeader()
    edge = QPoint(head.sectionViewportPosition(0) + head.sectionSize(0) - 1, head.height() // 2)
    QTest.mousePress(head.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(head.viewport(), edge - QPoint(90, 0))
    QTest.mouseRelease(head.viewport(), Qt.MouseButton.LeftButton, pos=edge - QPoint(90, 0))
    dragged = made.grid.columnWidth(0)
    assert dragged < grown - 60
    made.set_rows([Person(1, "Sunita Deshpande-Kulkarni"), *PEOPLE])
    assert made.grid.columnWidth(0) == dragged


def test_columns_can_be_put_away_but_never_all(table: TableView, show: Show) -> None:
    show(table)
    table.set_rows(PEOPLE)
    menu = table.options_menu()
    choices = [action for action in menu.actions() if action.isCheckable()]
    assert [one.isEnabled() for one in choices] == [False, True, True]
    choices[1].trigger()
    assert table.grid.isColumnHidden(1)
    menu.deleteLater()


def test_a_paged_list_asks_for_pages_and_never_sorts_part_of_them(qtbot: QtBot, show: Show) -> None:
    table = TableView("People", COLUMNS, paged=True)
    asked: list[PageWanted] = []
    table.page_wanted.connect(asked.append)
    show(table)
    everyone = [Person(n, f"p{n:03}", n % 90) for n in range(200)]
    table.set_rows(everyone[:50], has_more=True)
    qtbot.waitUntil(lambda: True)
    assert table.count.text() == "50+ rows"
    asked.clear()
    table.grid.scrollToBottom()
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert asked[0].after == everyone[49]
    table.add_rows(everyone[50:100], has_more=True)
    assert table.rows == everyone[:100]
    asked.clear()
    table.grid.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    assert asked[-1] == PageWanted("", "Age", True, None)
    assert table.rows == everyone[:100]
    table.filter.setText("p01")
    qtbot.waitUntil(lambda: asked[-1].words == "p01")


def test_numbers_stand_at_the_trailing_side_and_statuses_are_chips_with_text(table: TableView) -> None:
    table.set_rows(PEOPLE)
    assert table.model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) == END
    assert table.model.index(0, 2).data(CHIP_ROLE) == Tone.GOOD
    assert table.model.index(0, 2).data() == "adult"
    assert table.model.index(1, 2).data(CHIP_ROLE) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1 555", "+1 555"),
        ("+cmd|calc", "'+cmd|calc"),
        ("-12.50", "-12.50"),
        ("-1+1|x", "'-1+1|x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("Asha", "Asha"),
    ],
)
def test_no_cell_is_taken_for_a_formula(text: str, written: str) -> None:
    assert safe_cell(text) == written


def test_the_export_holds_what_is_shown(table: TableView, tmp_path: Path) -> None:
    table.set_rows([*PEOPLE, Person(5, '=HYPERLINK("x")', 20)])
    table.grid.setColumnHidden(2, True)
    assert write_csv(tmp_path / "people.csv", table.shown_columns, table.rows) == 5
    data = (tmp_path / "people.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["Name", "Age"]
    assert rows[4:] == [["أحمد", "41"], ['\'=HYPERLINK("x")', "20"]]


def test_a_million_rows_are_never_copied_by_painting(table: TableView, show: Show) -> None:
    show(table)
    reads = 0

    def text(person: Person) -> str:
        nonlocal reads
        reads += 1
        return person.name

    big = TableView("Big", [Column("Name", text, width=0)])
    show(big)
    big.set_rows([Person(n, "x") for n in range(20_000)])
    big.grid.scrollToBottom()
    big.grid.grab()
    assert reads < 2_000
    assert big.model.rowCount(QModelIndex()) == 20_000
