"""A start with the database on a share whose server is gone: refused on its own page, and nobody waits for the share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kernel.test_filesystems import MOUNT_A_SHARE, in_a_namespace

START = """
from pathlib import Path
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from clinic_desktop.ui import app as program
from clinic_desktop.ui.screens.login.trouble import TroublePage
from tests.ui.children import wait_until
app = QApplication([])
settings = QSettings(str(Path(sys.argv[1]).parent / "likes.ini"), QSettings.Format.IniFormat)
session = program.compose(app, f"{sys.argv[2]}:///{sys.argv[1]}/new/clinic.db", settings, registry=lambda: ((), ()))
session.start()
wait_until(lambda: isinstance(session.window.centralWidget(), TroublePage), milliseconds=20_000)
page = session.window.centralWidget()
print(page.accessibleName(), *page.buttons, sep="|")
session.window.close()
"""


@pytest.mark.parametrize("kind", ["sqlite", "sqlcipher"])
def test_a_share_is_refused_at_the_start_and_nobody_waits_for_it(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    share = tmp_path / "share"
    share.mkdir()
    tried = in_a_namespace(MOUNT_A_SHARE, str(share))
    if tried.returncode:
        pytest.skip(f"this machine lets nobody mount: {tried.stderr.strip()[-80:]}")
    told = in_a_namespace(MOUNT_A_SHARE + START, str(share), kind)
    assert told.stdout.strip() == "The database is on a network share|other_file|join|retry|close", told.stderr
    assert list(share.iterdir()) == []
