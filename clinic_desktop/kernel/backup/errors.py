"""What can go wrong around backups, in words that a person can act on (wording/backups.py)."""

from __future__ import annotations

from clinic_desktop.kernel.errors import ClinicError


class BackupFailed(ClinicError):
    """No backup was made and nothing half-written was left: param ``reason`` is a code, ``folder`` says where."""

    code = "backup_failed"


class BadBackup(ClinicError):
    """A file cannot be used as a backup: params ``path`` and ``reason``."""

    code = "bad_backup"


class RestoreRefused(ClinicError):
    """Nothing was restored and nothing was changed: param ``reason`` is a code."""

    code = "restore_refused"


class Cancelled(ClinicError):
    """Somebody stopped it; what was there before is as it was."""

    code = "backup_cancelled"
