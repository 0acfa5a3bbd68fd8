"""A worker of the zygote that restores and dies on the way: ``restore URL FOLDER PASSPHRASE STATE NUMBER-OF-ITS-LAST-STEP``."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.keys import Passphrase
from tests.faults.saying import say


def restore_and_die(url: str, folder: str, passphrase: str, state: str, deadly: str) -> None:
    """Restore the newest backup of a folder; say how many steps were reached and SIGKILL itself at the deadly one."""
    os.environ["CLINIC_STATE_FOLDER"] = state
    steps: list[str] = []

    def reached(step: str) -> None:
        steps.append(step)
        if len(steps) == int(deadly):
            say(f"dies at {deadly}")
            os.kill(os.getpid(), signal.SIGKILL)

    secret = Passphrase(passphrase)
    restore(plan_restore(Path(folder), secret, system_clock()), url, secret, reached=reached)
    say("done")
