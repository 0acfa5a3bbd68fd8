"""The chime of a call.

PySide6-Essentials, which this program installs, ships no QtMultimedia. Where it is there (PySide6-Addons) it plays the bundled
sound; Windows plays the same file by itself; elsewhere the desktop's own alert sound stands in for it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWidgets import QApplication

from clinic_desktop.kernel.resources import resource_path

SOUND = "sounds/chime.wav"


class Chime(QObject):
    """Plays the bundled sound as well as this machine can; never waits for its end."""

    played = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._effect: Any = None

    def play(self) -> None:
        """Sound once."""
        self.played.emit()
        path = str(resource_path(SOUND))
        if find_spec("PySide6.QtMultimedia") is not None:
            self._sound_effect(path).play()
        elif sys.platform == "win32":
            import winsound  # noqa: PLC0415 - there is none elsewhere

            winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        else:
            QApplication.beep()

    def _sound_effect(self, path: str) -> Any:
        if self._effect is None:
            self._effect = import_module("PySide6.QtMultimedia").QSoundEffect(self)
            self._effect.setSource(QUrl.fromLocalFile(path))
        return self._effect
