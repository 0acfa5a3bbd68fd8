"""Whether every word that is seen has the room it needs: what is cut in one language is seen at once in no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QToolButton,
    QWidget,
)

from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.tour.eyes import is_over
from clinic_desktop.ui.widgets.chip import Chip
from clinic_desktop.ui.widgets.text import ElidedLabel

_SLACK = 1
"""Widths of text are fractions, those of widgets whole numbers."""
_ICON = 26
"""What a picture in a field takes from its text."""


def cut_texts(desk: QWidget) -> list[str]:
    """What is cut in this window and those over it although nobody chose so: labels, buttons, chips, heads of columns, tabs, hints."""
    windows = [one for one in QApplication.topLevelWidgets() if one.isVisible() and is_over(one, desk)]
    seen = [one for window in windows for one in window.findChildren(QWidget) if one.window() is window]
    return [f"{type(one).__name__} “{text}” {why}" for one in seen for text, why in _faults(one)]


def _faults(one: QWidget) -> Iterator[tuple[str, str]]:
    if not one.isVisible():
        return
    if isinstance(one, QLabel):
        yield from _of_label(one)
    elif isinstance(one, QAbstractButton):
        yield from _of_button(one)
    elif isinstance(one, Chip):
        yield from _too_narrow(one.text, one.sizeHint().width(), one.width())
    elif isinstance(one, QLineEdit):
        yield from _of_field(one)
    elif isinstance(one, QComboBox):
        yield from _of_choice(one)
    elif type(one) is QHeaderView and one.orientation() == Qt.Orientation.Horizontal:
        yield from _of_heads(one)
    elif isinstance(one, QTabBar):
        yield from _of_tabs(one)


def _too_narrow(text: str, needed: int, given: int) -> Iterator[tuple[str, str]]:
    if text and needed > given + _SLACK:
        yield text, f"needs {needed} px, has {given}"


def _of_label(label: QLabel) -> Iterator[tuple[str, str]]:
    text, room = label.text(), label.contentsRect()
    if not text:
        return
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height() + _SLACK:
            yield text, f"needs {needed} px of height, has {label.height()}"
    elif not isinstance(label, ElidedLabel):
        yield from _too_narrow(text, max(label.fontMetrics().horizontalAdvance(line) for line in text.split("\n")), room.width())
    lost = _outside(label)
    inked = label.fontMetrics().tightBoundingRect(text).height()
    if not lost and not label.wordWrap() and label.height() < inked - _SLACK:
        lost = f"needs {inked} px of height, has {label.height()}"
    if lost:
        yield text, lost


def _of_button(button: QAbstractButton) -> Iterator[tuple[str, str]]:
    shown = not isinstance(button, QToolButton) or button.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly
    if shown and button.text():
        yield from _too_narrow(button.text(), button.sizeHint().width(), button.width())
    if (lost := _outside(button)) is not None:
        yield button.text() or button.accessibleName(), lost


def _of_field(field: QLineEdit) -> Iterator[tuple[str, str]]:
    hint = field.placeholderText()
    if hint and not field.text() and not Path(hint).is_absolute():  # of a path the beginning is enough
        panel = QStyleOptionFrame()
        field.initStyleOption(panel)
        room = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, panel, field).marginsRemoved(field.textMargins())
        icons = sum(1 for one in field.findChildren(QToolButton) if one.isVisible())
        yield from _too_narrow(hint, field.fontMetrics().horizontalAdvance(hint), room.width() - icons * _ICON)


def _of_choice(choice: QComboBox) -> Iterator[tuple[str, str]]:
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = choice.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, choice)
    yield from _too_narrow(choice.currentText(), choice.fontMetrics().horizontalAdvance(choice.currentText()), room.width())


def _of_heads(head: QHeaderView) -> Iterator[tuple[str, str]]:
    model = head.model()
    for place in range(head.count()):
        if not head.isSectionHidden(place):
            text = str(model.headerData(place, head.orientation()) or "")
            yield from _too_narrow(text, head.fontMetrics().horizontalAdvance(text) + 2 * GAP_12, head.sectionSize(place))


def _of_tabs(tabs: QTabBar) -> Iterator[tuple[str, str]]:
    if tabs.count():
        last = max((tabs.tabRect(place) for place in range(tabs.count())), key=QRect.right)
        first = min((tabs.tabRect(place) for place in range(tabs.count())), key=QRect.left)
        yield from _too_narrow(tabs.tabText(tabs.count() - 1), last.right() - first.left(), tabs.width())


def _outside(one: QWidget) -> str | None:
    """What holds it and cuts it off; where one can scroll, nothing is lost."""
    rect, holder, inner = one.rect(), one.parentWidget(), one
    while holder is not None and not inner.isWindow():
        if isinstance(holder.parentWidget(), QAbstractScrollArea):
            return None
        rect = rect.translated(inner.pos())
        lost = [rect.top() - holder.rect().top(), holder.rect().bottom() - rect.bottom()]
        lost += [rect.left() - holder.rect().left(), holder.rect().right() - rect.right()]
        if min(lost) < -_SLACK:
            return f"is cut by {type(holder).__name__} by {-min(lost)} px"
        inner, holder = holder, holder.parentWidget()
    return None
