"""The one style sheet, a template over the tokens; it never sets a font (that would cut off text size and families)."""

TEMPLATE = """
* { outline: 0; }
QToolTip { background: $toast; color: $on_toast; border: 1px solid $toast; padding: ${gap4}px; }
QWidget#surface, QFrame[role="card"] { background: $surface; }
QFrame[role="card"] { border: 1px solid $border; border-radius: ${radius}px; }
QFrame[role="line"] { background: $border; border: none; }
QWidget[role="rail"] { background: $rail; }
QWidget[role="index"] { background: $surface; }
QWidget[role="header"] { background: $surface; border-bottom: 1px solid $border; }
QWidget[role="status"] { background: $rail; border-top: 1px solid $border; }
QLabel { background: transparent; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="bad"] { color: $on_bad; }
QLabel[tone="warn"] { color: $on_warn; }
QLabel[tone="good"] { color: $on_good; }
QLabel[tone="info"] { color: $on_info; }
QLabel[tone="accent"] { color: $accent; }
QLabel[role="badge"] { background: $accent_soft; color: $on_accent_soft; border-radius: 9px; padding: 0 6px; }
QLabel[role="badge"][narrow="true"] { background: $accent; color: $on_accent; border-radius: 7px; padding: 0 3px; }

QPushButton, QToolButton[role="button"] {
  background: $surface; color: $text; border: 1px solid $border_strong; border-radius: ${radius}px;
  padding: 0 ${gap12}px; min-height: ${control}px;
}
QPushButton:hover, QToolButton[role="button"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[role="button"]:pressed { background: $pressed; }
QPushButton:focus, QToolButton[role="button"]:focus { border: 1px solid $focus; }
QPushButton:disabled, QToolButton[role="button"]:disabled { color: $disabled; background: $window; border-color: $border; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:disabled { background: $neutral_soft; color: $disabled; border-color: $neutral_soft; }
QPushButton[role="danger"] { background: $danger; color: $on_danger; border: 1px solid $danger; }
QPushButton[role="danger"]:hover, QPushButton[role="danger"]:pressed { background: $danger_hover; border-color: $danger_hover; }
QPushButton[role="danger"]:disabled { background: $neutral_soft; color: $disabled; border-color: $neutral_soft; }
QPushButton[busy="true"], QPushButton[busy="true"]:hover { background: $neutral_soft; color: $muted; border-color: $neutral_soft; }
QPushButton[role="quiet"], QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${radius}px; color: $text; }
QPushButton[role="tile"] { padding: 0; }
QPushButton[role="tile"]:checked { background: $accent_soft; border: 2px solid $accent; }
QPushButton[touch="true"] { min-height: ${touch}px; }
QPushButton[flush="true"] { padding: 0 ${gap4}px; }
QPushButton[role="quiet"]:hover, QToolButton:hover { background: $hover; }
QPushButton[role="quiet"]:pressed, QToolButton:pressed { background: $pressed; }
QPushButton[role="quiet"]:checked { background: $accent_soft; color: $on_accent_soft; }
QPushButton[role="quiet"]:focus, QToolButton:focus { border: 1px solid $focus; }
QToolButton { padding: ${gap4}px; }
QToolButton[role="rail"] {
  text-align: left; padding: 0 ${gap12}px; min-height: ${control}px; color: $muted; background: transparent; border: 1px solid transparent;
}
QToolButton[role="rail"][narrow="true"] { padding: 0; }
QToolButton[role="rail"]:hover { background: $hover; color: $text; }
QToolButton[role="rail"]:checked { background: $accent_soft; color: $on_accent_soft; }
QToolButton[role="rail"]:focus { border: 1px solid $focus; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: $field; color: $text; border: 1px solid $border_strong; border-radius: ${radius}px;
  selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $muted;
}
QLineEdit, QComboBox, QAbstractSpinBox { padding: 0 ${gap8}px; min-height: ${control}px; }
QPlainTextEdit, QTextEdit { padding: ${gap4}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { border: 1px solid $focus; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"], QAbstractSpinBox[invalid="true"] {
  border: 1px solid $danger;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
  background: $window; color: $disabled; border-color: $border;
}
QLineEdit:read-only, QPlainTextEdit:read-only { background: $window; border-color: $border; }
QLineEdit[role="search"] { background: $window; border: 1px solid $border; }
QLineEdit[role="search"]:focus { background: $field; border: 1px solid $focus; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url("$down_icon"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $border; selection-background-color: $selection;
  selection-color: $on_selection; padding: ${gap4}px; }
QAbstractSpinBox { max-height: ${control}px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: 22px; }
QAbstractSpinBox::up-arrow { image: url("$up_icon"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$down_icon"); width: 12px; height: 12px; }

QCheckBox, QRadioButton { spacing: ${gap8}px; background: transparent; }
QCheckBox::indicator, QListView::indicator, QRadioButton::indicator {
  width: 16px; height: 16px; border: 1px solid $border_strong; background: $field;
}
QCheckBox::indicator, QListView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: $accent; border-color: $accent; image: url("$check_icon"); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; background: $on_accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $focus; }

QTableView, QListView, QTreeView {
  background: $surface; color: $text; border: none; gridline-color: $border;
  selection-background-color: $selection; selection-color: $on_selection;
}
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
  background: $surface; color: $muted; border: none; border-bottom: 1px solid $border; padding: 0 ${gap12}px; min-height: ${control}px;
}
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url("$up_icon"); width: 12px; height: 12px; }
QHeaderView::down-arrow { image: url("$down_icon"); width: 12px; height: 12px; }
QTableCornerButton::section { background: $surface; border: none; }

QMenu { background: $surface; color: $text; border: 1px solid $border; border-radius: ${radius}px; padding: ${gap4}px; }
QMenu::item { padding: 6px 28px 6px ${gap12}px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $on_selection; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: ${gap4}px; }
QMenu::icon { padding-left: ${gap8}px; }

QTabBar::tab { background: transparent; color: $muted; padding: 0 ${gap12}px; min-height: ${control}px;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
QGroupBox { border: none; margin-top: ${gap8}px; }
QProgressBar { background: $neutral_soft; border: none; border-radius: 3px; max-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: $border; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QFrame[role="toast"] { background: $toast; border: 1px solid $border_strong; border-radius: ${radius}px; }
QFrame[role="toast"] QLabel { color: $on_toast; }
QFrame[role="toast"] QPushButton { background: transparent; border: none; color: $toast_action; padding: 0 ${gap8}px; }
QFrame[role="toast"] QPushButton:hover, QFrame[role="toast"] QPushButton:focus { border: 1px solid $toast_action; }
QFrame[role="popup"] { background: $surface; border: 1px solid $border_strong; border-radius: ${radius}px; }
QFrame[role="banner"] { background: $surface; border: 1px solid $border; border-radius: ${radius}px; }
QFrame[role="strip"] { border: none; border-bottom: 1px solid $border_strong; }
QFrame[role="strip"][tone="warn"] { background: $warn_soft; }
QFrame[role="strip"][tone="good"] { background: $good_soft; }
QFrame[role="strip"][tone="info"] { background: $info_soft; }
QDialog { background: $surface; }
"""
