"""Loading what a person will open while they still type, and taking the garbage over once all of it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clinic_desktop.ui import loading
from clinic_desktop.ui.garbage import Collector
from clinic_desktop.ui.late import late
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.ui.session import Registry


class Warming(QObject):
    """``loaded`` when everything that can be opened is in memory."""

    loaded = Signal()

    def __init__(self, work: Work, registry: Registry, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._registry = work, registry
        self._loader, self._collector = loading.Loader(self), Collector(self)
        self._loader.finished.connect(self._collector.start)
        self._loader.finished.connect(self.loaded)

    def begin(self) -> None:
        """Load the departments, then the screens."""
        # Behind the login page; who is faster finds the departments loaded all the same: ``entering`` brings them.
        self._work.call(self, late("clinic_desktop.ui.entering:warm_up"))
        self._work.call(self, late("clinic_desktop.clinic.departments:load_queries"), then=self._load_screens)

    def _load_screens(self, _loaded: object) -> None:
        screens, searches = self._registry()
        self._loader.start([*(one.factory for one in screens), *(one.find for one in searches)])

    def stop_loading(self) -> None:
        """Load no more."""
        self._loader.stop()

    def give_back(self) -> None:
        """Leave the garbage to the interpreter again."""
        self._collector.stop()
