"""What kind of disk a path is on: SQLite's locks and write-ahead log cannot be trusted across a network.

Nothing here touches the path itself before its mount is known: a share whose server is gone would hold the program up.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

from clinic_desktop.kernel.errors import DatabaseUnavailable

_NETWORK = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smb2",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "beegfs",
        "coda",
        "davfs",
        "webdav",
        "afpfs",
        "9p",
        "vboxsf",
        "prl_fs",
        "vmhgfs",
    )
)
_NETWORK_FUSE = frozenset(
    ("sshfs", "rclone", "davfs", "davfs2", "glusterfs", "s3fs", "gvfsd-fuse", "vmhgfs-fuse", "cephfs", "curlftpfs", "smbnetfs", "onedriver")
)
_MOST_LINKS = 40
_DRIVE_REMOTE = 4
"""What Windows calls a mapped network drive (``GetDriveType``)."""


def refuse_share(file: Path) -> None:
    """Raise DatabaseUnavailable (``network_share``) rather than look at, or make, a database file on a network share."""
    share = network_filesystem(file)
    if share is not None:
        raise DatabaseUnavailable(reason="network_share", path=str(file), filesystem=share)


def network_filesystem(path: Path) -> str | None:
    """The kind of network share (such as ``nfs4``) that a path is on; None on a disk of this computer."""
    plain = Path(os.path.abspath(path))
    if sys.platform == "win32":
        return _windows_share(plain)
    mounts = _mac_mounts() if sys.platform == "darwin" else _linux_mounts()
    return _share_on_the_way(plain, mounts)


def _share_on_the_way(path: Path, mounts: list[tuple[str, str]], links: int = 0) -> str | None:
    """Walk down part by part and follow links, but look at nothing that is on a share already."""
    here = Path(path.anchor)
    for place, part in enumerate(path.parts[1:], start=1):
        here /= part
        kind = _kind_of(here, mounts)
        if kind is not None and _is_network(kind):
            return kind
        if here.is_symlink() and links < _MOST_LINKS:
            beyond = Path(os.path.abspath(here.parent / here.readlink()), *path.parts[place + 1 :])
            return _share_on_the_way(beyond, mounts, links + 1)
    return None


def _is_network(kind: str) -> bool:
    return kind in _NETWORK or (kind.startswith("fuse.") and kind.removeprefix("fuse.") in _NETWORK_FUSE)


def _kind_of(path: Path, mounts: list[tuple[str, str]]) -> str | None:
    """The kind of the innermost mount that holds the path; of two at one place the later one hides the other."""
    holds = {str(place) for place in (path, *path.parents)}  # of these a longer one is a deeper one
    best: tuple[int, str] | None = None
    for place, kind in mounts:
        if place in holds and (best is None or len(place) >= best[0]):
            best = (len(place), kind)
    return None if best is None else best[1]


def _linux_mounts() -> list[tuple[str, str]]:
    """(mount point, kind) from mountinfo, proc(5): octal escapes, and a dash before the kind."""
    found = []
    for row in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        before, _, after = row.partition(" - ")
        place = before.split(" ")[4]
        for escaped, plain in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
            place = place.replace(escaped, plain)
        found.append((place, after.split(" ")[0]))
    return found


def _mac_mounts() -> list[tuple[str, str]]:
    """``server on /Volumes/x (smbfs, nodev)``, one a line."""
    told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True, timeout=5).stdout
    found = []
    for row in told.splitlines():
        place, _, kinds = row.partition(" on ")[2].rpartition(" (")
        found.append((place, kinds.split(",")[0].rstrip(")")))
    return found


def _windows_share(path: Path) -> str | None:
    root = path.anchor
    if root.startswith("\\\\"):
        return "unc"
    windll = getattr(ctypes, "windll", None)
    return "network drive" if windll is not None and windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE else None
