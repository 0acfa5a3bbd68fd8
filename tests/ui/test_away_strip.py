"""What the strip over the window says while the clinic's server is away, and when it is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import activate
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.replica_standing import Standing
from clinic_desktop.sync.runner import Phase
from clinic_desktop.ui.away_strip import Shown, shown, tell_on
from clinic_desktop.ui.keeping import CopyState
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets.strip import Strip


def test_the_strip_says_one_thing_at_a_time(show: Callable[..., None], picture: Callable[..., Path], qapp: QApplication) -> None:
    now = datetime(2026, 3, 2, 5, 12, tzinfo=UTC)
    working = CopyState(at_work=Standing("D1", True, now, now, 12, 0))
    away_now, back = Phase(unsent=12, error=Offline(reason="unreachable")), Phase(is_online=True, unsent=12)
    cases = {
        "away": (working, away_now, None, 0, Shown.AWAY, "Working on this computer\u2019s copy since \u206810:42", ""),
        "refused": (
            working,
            Phase(is_online=True, error=Refused("revoked")),
            None,
            0,
            Shown.REFUSED,
            "does not take its work",
            "Show why\u2026",
        ),
        "back": (working, back, None, 0, Shown.BACK, "The clinic\u2019s server is back. 12 pieces of work", "Hand over and go back"),
        "handing": (working, back, (5, 12), 0, Shown.BACK, "Handing over to the clinic\u2019s server\u2026", ""),
        "waiting": (CopyState(), None, None, 2, Shown.WAITING, "2 things wait", "Reconcile"),
        "nothing": (CopyState(), None, None, 0, Shown.NOTHING, "", ""),
    }
    for look, language in (("light", "en"), ("dark", "ar")):
        activate(language)
        apply_theme(qapp, look, right_to_left=language == "ar")
        above = QWidget()  # a strip shows and hides itself, so it must not be a window
        strip = Strip(above)
        QVBoxLayout(above).addWidget(strip)
        show(above, 1366, 68)
        for name, (state, phase, handing, waiting, what, text, button) in cases.items():
            assert shown(state, phase, is_lost=True, waiting=waiting) is what
            tell_on(strip, what, lambda _then: "10:42", state, phase, handing, waiting)
            QApplication.processEvents()
            picture(strip, f"strip-{name}-{language}")
            assert strip.isHidden() is (what is Shown.NOTHING)
            assert (strip.button.isVisible(), strip.bar.isVisible()) == (bool(button), handing is not None)
            assert strip.isHidden() or strip.accessibleName() == strip.text
            if language == "en" and text:
                assert text in strip.text
                assert strip.button.text() == button
