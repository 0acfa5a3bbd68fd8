"""A database on a network share is refused: told by a real mount of the kernel, in a namespace of the test's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from clinic_desktop.kernel.filesystems import network_filesystem

MOUNT_A_SHARE = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
device = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}".encode()
if libc.mount(b"far:/clinic", sys.argv[1].encode(), b"fuse.sshfs", 0, options):
    sys.exit(f"no mount: {os.strerror(ctypes.get_errno())}")
"""
"""Nobody serves this share: whoever looks into it waits for ever, like at one whose server is gone."""


def in_a_namespace(body: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python as the root of mounts that end with it."""
    wanted = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-c", body, *arguments]
    return subprocess.run(wanted, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def _can_mount(tmp_path_factory: pytest.TempPathFactory) -> None:
    tried = in_a_namespace(MOUNT_A_SHARE, str(tmp_path_factory.mktemp("share")))
    if tried.returncode:
        pytest.skip(f"this machine lets nobody mount: {tried.stderr.strip()[-80:]}")


def test_the_disk_of_this_computer_is_no_share(tmp_path: Path) -> None:
    assert network_filesystem(tmp_path / "clinic.db") is None


@pytest.mark.usefixtures("_can_mount")
def test_a_share_is_told_without_touching_it_also_behind_a_link(tmp_path: Path) -> None:
    share, link = tmp_path / "share with a space", tmp_path / "link"
    share.mkdir()
    ask = (
        "from pathlib import Path; from clinic_desktop.kernel.filesystems import network_filesystem as kind;"
        "share = Path(sys.argv[1]); print(kind(share / 'deep' / 'clinic.db'), kind(share.parent / 'clinic.db'))"
    )
    told = in_a_namespace(MOUNT_A_SHARE + ask, str(share))
    assert told.stdout.split() == ["fuse.sshfs", "None"], told.stderr
    link.symlink_to(share)
    behind = in_a_namespace(MOUNT_A_SHARE + ask.replace("share = Path(sys.argv[1])", "share = Path(sys.argv[2])"), str(share), str(link))
    assert behind.stdout.split() == ["fuse.sshfs", "None"], behind.stderr


@pytest.mark.usefixtures("_can_mount")
def test_a_database_on_a_share_is_refused_and_nothing_is_written_there(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    open_it = (
        "from clinic_desktop.kernel.db import Database; from clinic_desktop.kernel.errors import DatabaseUnavailable\n"
        "try:\n    Database.open(f'sqlite:///{sys.argv[1]}/clinic.db')\n"
        "except DatabaseUnavailable as refusal:\n    print(refusal.params['reason'], refusal.params['filesystem'])\n"
    )
    told = in_a_namespace(MOUNT_A_SHARE + open_it, str(share))
    assert told.stdout.split() == ["network_share", "fuse.sshfs"], told.stderr
    assert list(share.iterdir()) == []
