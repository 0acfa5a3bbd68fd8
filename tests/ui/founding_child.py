"""A person who sets a clinic up and is cut off: run by test_setup, which kills it. Says when what was typed is kept."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui import app as desktop
from tests.ui.children import cheap_passwords, wait_until
from tests.ui.founding_steps import Founder


class Patience:
    """As much of qtbot as the founder needs, without a test around it."""

    def waitUntil(self, is_so: Callable[[], object], timeout: int = 120_000) -> None:  # noqa: N802 - qtbot's name
        wait_until(is_so, milliseconds=timeout)


def main(url: str, folder: str) -> None:
    """Type, and wait for the power to go."""
    cheap_passwords()
    app = QApplication([])
    session = desktop.compose(app, url, QSettings(str(Path(folder) / "child.ini"), QSettings.Format.IniFormat))
    session.start()
    session.window.activateWindow()
    founder = Founder(session, Patience())  # type: ignore[arg-type]
    founder.begin()
    founder.up_to("place")
    founder.type(name="Cut off")
    setup = session.door.beginning.setup
    assert setup is not None
    # Nothing tells the program to keep it but its own pulse.
    before = setup.saved
    wait_until(lambda: setup.saved != before and not session.work.is_busy)
    print("kept", flush=True)
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
