"""The desktop up to the moment at which everything is loaded; says which thread imported what."""

from __future__ import annotations

import importlib._bootstrap as bootstrap  # type: ignore[import-not-found]
import json
import sys
import threading
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui import app as desktop


def knows_qt(module: ModuleType) -> bool:
    """Whether a module is a part of PySide or makes classes of it."""
    own = (value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__)
    return module.__name__.startswith("PySide6") or any(issubclass(one, QObject) for one in own)


def main() -> int:
    """Start as the program does and end when it is loaded."""
    threads: dict[str, bool] = {}
    load = bootstrap._load_unlocked

    def noting(spec: Any) -> Any:
        threads[spec.name] = threading.current_thread() is threading.main_thread()
        return load(spec)

    bootstrap._load_unlocked = noting
    app = QApplication(sys.argv[:1])
    with TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        session = desktop.compose(app, sys.argv[1], settings)
        session.loaded.connect(session.window.close)
        session.window.closed.connect(app.quit)
        session.start()
        app.exec()
    elsewhere = [name for name, is_main in threads.items() if not is_main]
    found = {
        "elsewhere": len(elsewhere),
        "elsewhere_with_qt": [name for name in elsewhere if name in sys.modules and knows_qt(sys.modules[name])],
        "needless": sorted(threads.keys() & {"alembic", "mako", "clinic_desktop.kernel.revisions"}),
        "of_a_chain": sorted(threads.keys() & {"httpx", "clinic_desktop.sync.runner", "clinic_desktop.sync.central"}),
        "on_ui_thread": [name for name, is_main in threads.items() if is_main],
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
