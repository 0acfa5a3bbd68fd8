"""The matrix of rights as a model: permissions by department as rows, roles as columns, a box in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from clinic_desktop.clinic.access.queries import PermissionRow, RoleRow
from clinic_desktop.clinic.access.rules import ALL_POWERFUL
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.screens.people.words import group_name, group_place, role_name

Index = QModelIndex | QPersistentModelIndex
HELD = Qt.ItemDataRole.UserRole + 1
CHANGED = Qt.ItemDataRole.UserRole + 2
IS_GROUP = Qt.ItemDataRole.UserRole + 3
FIXED = Qt.ItemDataRole.UserRole + 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the matrix: a department's heading (``permission=None``), or a permission."""

    title: str
    permission: str | None


class MatrixModel(QAbstractTableModel):
    """What each role holds, with what was ticked and not saved yet; ``changes_made`` when that is another."""

    changes_made = Signal()

    def __init__(self, fixed: frozenset[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fixed = fixed
        self.roles: list[RoleRow] = []
        self._permissions: list[PermissionRow] = []
        self._held: dict[str, frozenset[str]] = {}
        self.changes: dict[str, dict[str, bool]] = {}
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._lacking: str | None = None

    def show(self, permissions: Sequence[PermissionRow], roles: Sequence[RoleRow]) -> None:
        """Show what is saved; ticks that were not saved stay."""
        self.beginResetModel()
        self.roles, self._permissions = list(roles), list(permissions)
        self._held = {row.code: frozenset(row.permissions) for row in roles}
        known = {row.code for row in permissions}
        self.changes = {
            role: kept
            for role, ticks in self.changes.items()
            if role in self._held and (kept := {p: on for p, on in ticks.items() if p in known and on != (p in self._held[role])})
        }
        self._list()
        self.endResetModel()
        self.changes_made.emit()

    def look_for(self, text: str, lacking: str | None) -> None:
        """Keep the lines with these words, and of a role only what it lacks."""
        self.beginResetModel()
        self._words, self._lacking = search_form(text).split(), lacking
        self._list()
        self.endResetModel()

    def _list(self) -> None:
        ordered = sorted(self._permissions, key=lambda row: (group_place(row.code), group_name(row.code), _(row.title)))
        self.lines, group = [], None
        for row in ordered:
            heading = group_name(row.code)
            found = search_form(f"{heading} {_(row.title)} {row.code}")
            is_lacked = self._lacking is None or row.code not in self._held.get(self._lacking, frozenset())
            if not is_lacked or not all(word in found for word in self._words):
                continue
            if heading != group:
                self.lines.append(Line(heading, None))
                group = heading
            self.lines.append(Line(_(row.title), row.code))

    # Ticking

    def holds(self, role: str, permission: str) -> bool:
        """Whether a role holds a permission, with what is ticked."""
        return self.changes.get(role, {}).get(permission, permission in self._held.get(role, frozenset()))

    def may_tick(self, index: Index) -> bool:
        """Whether a cell can be changed: owner and administrator hold everything, and everybody their own account."""
        line = self.lines[index.row()]
        role = self.roles[index.column() - 1].code if index.column() else None
        return role is not None and role not in ALL_POWERFUL and line.permission is not None and line.permission not in self._fixed

    def tick(self, index: Index) -> None:
        """Give or take away, until it is saved."""
        if not self.may_tick(index):
            return
        role, permission = self.roles[index.column() - 1].code, self.lines[index.row()].permission
        assert permission is not None
        wanted = not self.holds(role, permission)
        ticks = self.changes.setdefault(role, {})
        if wanted == (permission in self._held[role]):
            ticks.pop(permission, None)
        else:
            ticks[permission] = wanted
        if not ticks:
            del self.changes[role]
        self.dataChanged.emit(index, index)
        self.changes_made.emit()

    def forget(self) -> None:
        """Back to what is saved."""
        self.beginResetModel()
        self.changes = {}
        self.endResetModel()
        self.changes_made.emit()

    def put_back(self, changes: dict[str, dict[str, bool]]) -> None:
        """Ticks of a draft."""
        self.changes = {role: {code: bool(on) for code, on in ticks.items()} for role, ticks in changes.items()}

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.roles) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if orientation != Qt.Orientation.Horizontal or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if section == 0:
            return _("Permission")
        row = self.roles[section - 1]
        name = role_name(row.code, row.name)
        return name if row.is_active else _("{role} (not in use)").format(role=name)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == IS_GROUP:
            return line.permission is None
        if index.column() == 0:
            return line.title if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None
        if line.permission is None:
            return None
        code = self.roles[index.column() - 1].code
        held = self.holds(code, line.permission)
        if role == HELD:
            return held
        if role == CHANGED:
            return line.permission in self.changes.get(code, {})
        if role == FIXED:
            return not self.may_tick(index)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            name = role_name(code, self.roles[index.column() - 1].name)
            text = _("{role}: {permission} – yes") if held else _("{role}: {permission} – no")
            return text.format(role=name, permission=line.title)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
