"""How text stands: at the side and in the direction of its language, in labels and editors, and no letter of it is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.i18n import Language, activate
from clinic_desktop.ui.kiosk.parts import FaceButton
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.theme.fonts import Text, font
from clinic_desktop.ui.widgets import Label, Notes


def _ink(label: Label) -> tuple[int, int]:
    """The first and the last column of a picture of a label that has ink in it."""
    picture = label.window().grab(label.geometry()).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    dark = [x for x in range(picture.width()) if any(picture.pixelColor(x, y).value() < 120 for y in range(picture.height()))]
    return dark[0], dark[-1]


def test_wrapped_arabic_stands_at_its_edge_and_loses_no_letter(qtbot: QtBot, qapp: QApplication) -> None:
    activate("ar")
    apply_theme(qapp, "light", right_to_left=True)
    words = "الصافي \u200f11,033.30\u00a0₹. الدفعات والاستردادات اللاحقة تتبع اليوم المفتوح"
    box = QWidget()
    box.setStyleSheet("background: white")
    qtbot.addWidget(box)
    label, whole = Label(f"{words} التالي", box, wrap=True), Label(words, box)
    width = whole.sizeHint().width() + 2  # the last word does not fit: the line is broken at the space before it
    label.setGeometry(0, 0, width, 4 * whole.sizeHint().height())
    whole.setGeometry(0, 200, width, whole.sizeHint().height())
    assert _ink(label) == _ink(whole)
    activate("en")


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize(
    ("code", "text", "directed_text"),
    [
        ("ar", "Ramesh Kaur عند الطبيب.", "\u200fRamesh Kaur عند الطبيب."),
        ("ar", "\u2068Ramesh\u2069 عند الطبيب.", "\u200f\u2068Ramesh\u2069 عند الطبيب."),
        ("en", "هدى waits (17).", "\u200eهدى waits (17)."),
    ],
)
def test_a_sentence_that_begins_with_a_foreign_name_runs_as_its_language(
    qtbot: QtBot, qapp: QApplication, code: str, text: str, directed_text: str, wrap: bool
) -> None:
    """To the pixel as if its direction stood before it; a name by itself runs as it is written."""
    activate(code)
    apply_theme(qapp, "light", right_to_left=code == "ar")

    def picture(words: str) -> QImage:
        label = Label(words, wrap=wrap)
        qtbot.addWidget(label)
        label.resize(300, 60)
        return label.grab().toImage()

    assert picture(text) == picture(directed_text)
    assert picture("Asha (2)") == picture("\u200eAsha (2)")
    activate("en")


@pytest.mark.parametrize(("code", "is_right"), [("en", False), ("hi", False), ("ar", True)])
def test_notes_begin_where_lines_of_the_language_begin(qtbot: QtBot, qapp: QApplication, code: str, is_right: bool) -> None:
    """The cursor of an empty field, and what is typed in any script."""
    activate(code)
    apply_theme(qapp, "light", right_to_left=is_right)
    notes = Notes("Remarks")
    qtbot.addWidget(notes)
    notes.resize(400, 80)
    notes.show()
    for text in ("", "ثلاث مرات", "Paracetamol"):
        notes.set_value(text)
        line = notes.document().firstBlock().layout().lineAt(0).naturalTextRect()
        assert (line.right() > 380) is is_right
        assert (line.left() < 20) is not is_right
    activate("en")


@pytest.mark.parametrize("voice", list(Text))
@pytest.mark.parametrize("text", ["आईडी कार्ड", "ID कार्ड आई", "पूर्ति, र्कैं", "بطاقات الهوية", "ÅÉ ID cards"])
def test_no_letter_is_cut_off_at_the_edge_of_a_line(qtbot: QtBot, qapp: QApplication, voice: Text, text: str) -> None:
    """Each shows as much ink in the room that it asks for as in far more: signs of vowels stand out above the line of their font."""

    def inked(height: int | None) -> int:
        label = Label(text, voice=voice)
        qtbot.addWidget(label)
        label.resize(label.sizeHint().width() + 8, height or label.sizeHint().height())
        image = label.grab().toImage()
        ground = image.pixelColor(0, 0)
        return sum(any(image.pixelColor(x, y) != ground for x in range(image.width())) for y in range(image.height()))

    assert inked(None) == inked(80)
    later = Label(text)
    later.setFont(font(voice))
    assert later.contentsMargins() == Label(text, voice=voice).contentsMargins()


@pytest.mark.parametrize("code", ["en", "hi", "ar"])
@pytest.mark.parametrize("is_chosen", [False, True])
def test_a_face_shows_all_of_its_word_and_its_number(qtbot: QtBot, qapp: QApplication, code: str, is_chosen: bool) -> None:
    """As much of both in the room that it asks for as in far more."""
    apply_theme(qapp, "light")
    face = FaceButton(5, Language(code).gettext("Very good"))
    qtbot.addWidget(face)
    face.setChecked(is_chosen)

    def inked(more: int) -> int:
        face.resize(face.sizeHint().width(), face.sizeHint().height() + more)
        image = face.grab().toImage()
        ground = image.pixelColor(8, 8)
        inside = range(4, image.height() - 4)
        return sum(any(image.pixelColor(x, y) != ground for x in range(8, image.width() - 8)) for y in inside)

    assert inked(0) == inked(40)
