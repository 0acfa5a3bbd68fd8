"""The look: contrast, fonts, icons, and one place for all of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.colours import contrast
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.ui.theme import Text, apply_theme, font, icon, pixmap, scaled
from clinic_desktop.ui.theme.apply import style_sheet
from clinic_desktop.ui.theme.tokens import FRAME_PAIRS, PALETTES, TEXT_PAIRS, Palette
from clinic_desktop.ui.widgets import Button, Form, LineEdit

UI = Path(__file__).parents[2] / "clinic_desktop" / "ui"


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_every_text_can_be_read_on_every_ground_it_stands_on(palette: Palette) -> None:
    colours = palette.colours()
    poor = {(text, ground): round(contrast(colours[text], colours[ground]), 2) for text, ground in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_the_frame_of_what_has_the_keyboard_stands_out(palette: Palette) -> None:
    colours = palette.colours()
    faint = {(frame, ground): round(contrast(colours[frame], colours[ground]), 2) for frame, ground in FRAME_PAIRS}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
@pytest.mark.parametrize("role", ["primary", "danger"])
def test_a_filled_button_that_has_the_keyboard_wears_a_ring_with_a_gap(
    qapp: QApplication, qtbot: QtBot, show: Callable[..., None], palette: Palette, role: str
) -> None:
    apply_theme(qapp, palette.name)
    whole = QDialog()
    row = QVBoxLayout(whole)
    button, other = (Button("Close the queue", role=role) for _time in range(2))
    row.addWidget(button)
    row.addWidget(other)
    show(whole)
    qtbot.waitUntil(button.hasFocus)
    picture, place = whole.grab().toImage(), button.geometry()
    ways_in = [[picture.pixelColor(place.center().x(), place.top() + depth).name() for depth in range(-2, 8)]]
    ways_in.append([picture.pixelColor(place.left() + depth, place.center().y()).name() for depth in range(-2, 8)])
    fill = picture.pixelColor(other.geometry().left() + 5, other.geometry().center().y()).name()
    for way_in in ways_in:
        ground, ring, gap, inside = (tone for tone, _same in groupby(way_in))
        assert (ground, inside) == (gap, fill)
        assert contrast(ring, ground) >= 3, "the ring on what surrounds it"
        assert contrast(inside, gap) >= 3, "the button within its ring"
    assert button.size() == other.size(), "nothing moves with the keyboard"


def test_captions_side_by_side_are_of_one_height_in_every_script(qapp: QApplication, show: Callable[..., None]) -> None:
    heights = {}
    for code in ("en", "ar", "hi"):
        language = activate(code)
        apply_theme(qapp, "light", right_to_left=language.is_right_to_left)
        form = Form(columns=3)
        for name, label in (("one", "SpO₂ (%)"), ("two", "الحرارة (°C)"), ("three", "तापमान")):
            form.add(name, label, LineEdit())
        show(form)
        tops = {form[name].mapTo(form, QPoint()).y() for name in form.fields if name != "two" or code == "ar"}
        assert len(tops) == 1, code
        heights[code] = tops.pop()
        form.hide()
    assert heights["ar"] > heights["en"], "Arabic needs more room above the line"


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", list(PALETTES))
def test_the_palette_is_ours_and_reaches_the_controls(qapp: QApplication, qtbot: QtBot, name: str) -> None:
    palette = apply_theme(qapp, name)
    edit = QLineEdit()
    qtbot.addWidget(edit)
    edit.ensurePolished()
    assert edit.palette().color(QPalette.ColorRole.Text) == QColor(palette.text)
    assert edit.palette().color(QPalette.ColorRole.PlaceholderText) == QColor(palette.muted)


def test_the_style_sheet_sets_no_font_and_leaves_no_token_open() -> None:
    sheet = style_sheet(PALETTES["light"])
    assert "font" not in sheet
    assert "$" not in sheet
    for picture in re.findall(r'url\("([^"]+)"\)', sheet):
        assert Path(picture).is_file()


def test_the_bundled_fonts_are_used_for_all_three_scripts(qapp: QApplication) -> None:
    wanted = ["Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari"]
    assert font().families() == wanted
    assert set(wanted) <= set(QFontDatabase.families())


def test_text_size_scales_the_text_and_the_rows(qapp: QApplication) -> None:
    small, row = font(Text.TITLE).pixelSize(), scaled(36)
    apply_theme(qapp, "light", scale=150)
    assert font(Text.TITLE).pixelSize() == small * 1.5
    assert scaled(36) == row * 1.5


def test_icons_are_tinted_to_the_theme_and_crisp_on_dense_screens(qapp: QApplication) -> None:
    for name in PALETTES:
        ink = QColor(apply_theme(qapp, name).text)
        drawn = pixmap("circle", size=24, ratio=2.0)
        assert (drawn.width(), drawn.devicePixelRatio()) == (48, 2.0)
        image = drawn.toImage()
        solid = [image.pixelColor(x, 24) for x in range(48) if image.pixelColor(x, 24).alpha() == 255]
        assert solid
        assert all(abs(one.lightness() - ink.lightness()) <= 2 for one in solid)
    assert not icon("search").isNull()


def test_icons_that_point_turn_round_in_right_to_left(qapp: QApplication) -> None:
    ahead, clock = pixmap("arrow-right").toImage(), pixmap("clock").toImage()
    apply_theme(qapp, "light", right_to_left=True)
    assert pixmap("arrow-right").toImage() == ahead.flipped(Qt.Orientation.Horizontal) != ahead
    assert pixmap("clock").toImage() == clock


def test_the_icons_come_with_their_licence() -> None:
    assert "ISC License" in resource_path("icons/LICENSE").read_text()


def test_screens_use_our_plain_text_labels_and_name_no_colour() -> None:
    bare = re.compile(r"\bQLabel\(|\bQMessageBox\b|setStyleSheet\(|QColor\(\"#|setTextFormat\(")
    wrong = []
    for file in UI.rglob("*.py"):
        place = file.relative_to(UI).as_posix()
        if place.startswith(("widgets/", "theme/")):
            continue
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            found = bare.search(text)
            if found and not text.rstrip().endswith("# picture only"):
                wrong.append(f"{place}:{number}: {found.group()}")
    assert wrong == []
