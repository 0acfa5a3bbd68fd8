"""Saves a draft a moment after the last change: one save under way at a time, nothing typed in between forgotten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_desktop.kernel.errors import ClinicError

PAUSE_MS = 1_200
Done = Callable[[], None]
Failed = Callable[[ClinicError], None]


class Autosave(QObject):
    """``send(done, failed)`` saves what is there now."""

    changed = Signal()
    refused = Signal(object)

    def __init__(self, send: Callable[[Done, Failed], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self.is_dirty = False
        self._under_way = False
        self._waiting: list[Done] = []
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._save)

    @property
    def is_settled(self) -> bool:
        """Whether everything is saved."""
        return not self.is_dirty and not self._under_way

    def note(self) -> None:
        """Something was typed."""
        self.is_dirty = True
        self._pause.start()
        self.changed.emit()

    def flush(self, then: Done) -> None:
        """Save what is left, then go on; after a refusal ``then`` is dropped."""
        self._waiting.append(then)
        self._save()

    def forget(self) -> None:
        """Nothing is left to save: another draft is shown."""
        self._pause.stop()
        self.is_dirty = False
        self._waiting.clear()
        self.changed.emit()

    def _save(self) -> None:
        self._pause.stop()
        if self._under_way:
            return
        if not self.is_dirty:
            self._go_on()
            return
        self.is_dirty, self._under_way = False, True
        self.changed.emit()
        self._send(self._saved, self._failed)

    def _saved(self) -> None:
        self._under_way = False
        if self.is_dirty and self._waiting:
            self._save()
            return
        self.changed.emit()
        self._go_on()

    def _failed(self, error: ClinicError) -> None:
        self._under_way, self.is_dirty = False, True
        self._waiting.clear()
        self.changed.emit()
        self.refused.emit(error)

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
