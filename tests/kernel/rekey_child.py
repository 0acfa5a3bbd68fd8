"""A program that rekeys and dies: ``python -m tests.kernel.rekey_child URL OLD NEW [step at which it kills itself]``."""

from __future__ import annotations

import os
import signal
import sys

from clinic_desktop.kernel import keys, rekey, stretching


def main(url: str, old: str, new: str, fatal: str = "") -> None:
    """Say ``go``, rekey from one passphrase to another, say ``done``; SIGKILL itself after the fatal step."""
    stretching.choose(stretching.Stretching(1, 64, 1))  # guessing is not what the test is about

    def reached(step: str) -> None:
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    print("go", flush=True)
    rekey.rekey(url, keys.Passphrase(old), keep=[keys.Passphrase(new)], reached=reached)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
