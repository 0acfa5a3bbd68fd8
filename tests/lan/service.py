"""The service beside the tests' LAN server, as it runs in earnest: a process of its own that can be stopped and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from tests.lan.server import DATABASE, HOSTS, OPENS, PASSWORD, LanServer
from tests.server.serving import port_of

_CLI = [sys.executable, "-c", "from clinic_desktop.cli.main import main; main()"]


class LanService:
    """A LAN server's service."""

    def __init__(self, server: LanServer, folder: Path) -> None:
        self.server, self.folder, self.log = server, folder, folder / "log"
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self, *options: str) -> None:
        """Start it and wait until it answers; the same port as before."""
        asked = ["lan", "serve", "--dir", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port), "--json", *options]
        with self.log.open("ab") as output:
            environment = {**os.environ, "CLINIC_PASSPHRASE": PASSWORD}
            self._process = subprocess.Popen([*_CLI, *asked], stdout=subprocess.PIPE, stderr=output, text=True, env=environment)
        try:
            self.port = port_of(self._process, self.log)
        except BaseException:  # it said why it did not begin; its end is awaited as if it had
            self.stop()
            raise

    def stop(self) -> None:
        """End it as its unit does."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)  # as long as what goes on beside it may take for its ends
            assert process.stdout is not None
            process.stdout.close()


def wait_for(holds: Callable[[], object]) -> None:
    """Wait until something holds that another process does."""
    end = monotonic() + 60
    while not holds():
        assert monotonic() < end, "it did not come to hold"
        sleep(0.1)


@contextmanager
def lan_service(server: LanServer, folder: Path) -> Iterator[LanService]:
    """Set the service of a server up, and run it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = LanService(server, folder)
    certified = [word for host in HOSTS for word in ("--certify", host)]
    made.start("--set-up", "--db", server.admin, "--database", DATABASE, "--user", OPENS, *certified)
    try:
        yield made
    finally:
        made.stop()
