"""The floor of starting: a bare window."""

from __future__ import annotations

import json
import sys

from PySide6.QtWidgets import QApplication, QWidget

from tests.benchmarks.painted import Painted, megabytes


def main() -> int:
    """Show a window, say when it is painted, and end."""
    app = QApplication(sys.argv[:1])
    window = QWidget()
    window.resize(1366, 768)
    Painted(window, app.quit)
    window.show()
    app.exec()
    print("painted", flush=True)
    print(json.dumps(megabytes()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
