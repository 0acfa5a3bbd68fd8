"""A worker of the zygote that rekeys, and dies if told to: ``rekey URL OLD NEW [step at which it kills itself]``."""

from __future__ import annotations

import os
import signal

from clinic_desktop.kernel import keys, stretching
from clinic_desktop.kernel.rekey import rekey
from tests.faults.saying import say


def rekey_and_die(url: str, old: str, new: str, fatal: str = "") -> None:
    """Say ``go``, rekey from one passphrase to another, say ``done``; name the fatal step and SIGKILL itself after it."""
    stretching.choose(stretching.Stretching(1, 64, 1))  # guessing is not what the test is about

    def reached(step: str) -> None:
        if step == fatal:
            say(fatal)
            os.kill(os.getpid(), signal.SIGKILL)

    say("go")
    rekey(url, keys.Passphrase(old), keep=[keys.Passphrase(new)], reached=reached)
    say("done")
