"""The watch over parts that flash up as windows: without it, every test of a screen would pass beside them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

_SHOWN = "from PySide6.QtWidgets import *\npart = QLabel()\npart.setVisible(True)\npart.setParent(QWidget())"
_STACKED = "from PySide6.QtWidgets import *\nstack, part = QStackedLayout(), QLineEdit()\nstack.addWidget(part)\nQWidget().setLayout(stack)"
_IN_A_PARENT = (
    "from PySide6.QtWidgets import *\nwhole = QDialog()\npart = QLabel(whole)\npart.setVisible(True)\nwhole.show()\nwhole.close()"
)


@pytest.mark.parametrize(("code", "told"), [(_SHOWN, ["QLabel"]), (_STACKED, ["QLineEdit"]), (_IN_A_PARENT, [])])
def test_a_part_that_is_shown_before_it_has_a_parent_is_told(code: str, told: list[str], qapp: QApplication, flashes: list[str]) -> None:
    exec(compile(code, "clinic_desktop/ui/made_up.py", "exec"), {})
    assert [one.split()[0] for one in flashes] == told
    flashes.clear()
