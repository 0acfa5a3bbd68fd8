"""Refusals of backups and restores, the steps of both, and what people count in them."""

from collections.abc import Sequence

from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import N_, _, ngettext

WORDS = {
    "backup_failed": N_("No backup was made. Your data is as it was."),
    "backup_failed:folder_missing": N_("No backup was made: the folder {folder} is not there. Plug in the disk, or choose another folder."),
    "backup_failed:not_writable": N_("No backup was made: this program may not write to {folder}. Choose another folder."),
    "backup_failed:disk_full": N_("No backup was made: the disk of {folder} is full. Free some space, or choose another folder."),
    "backup_failed:folder_lost": N_("No backup was made: {folder} went away or cannot be read. Check the disk, then try again."),
    "backup_failed:busy": N_("No backup was made: the database was busy for too long. Try again in a moment."),
    "backup_failed:database_damaged": N_("No backup was made: the database itself is damaged. Restore the last good backup."),
    "backup_failed:passphrase_missing": N_("This database has no key of its own: give a passphrase for its backups."),
    "backup_failed:interrupted": N_("No backup was made: the program or the computer was switched off meanwhile."),
    "backup_failed:no_backup": N_("There is no backup in {folder} yet that the journal could follow. Make one first."),
    "backup_failed:revisions_differ": N_("The two databases are of different versions. Nothing was copied."),
    "backup_overdue": N_("The last backup is from {at}. Make one now, or tell whoever runs the clinic."),
    "backup_overdue:never": N_("There is no backup of this clinic yet. Make one now, or tell whoever runs the clinic."),
    "backup_running": N_("A backup into this folder is being made since {since}. Wait until it has finished."),
    "backup_cancelled": N_("This was stopped. Nothing was changed."),
    "bad_backup": N_("The backup {path} cannot be used."),
    "bad_backup:none_here": N_("There is no backup in {path}."),
    "bad_backup:not_a_backup": N_("The file {path} is no backup, or a part of it is missing."),
    "bad_backup:damaged": N_("The backup {path} is damaged. Use another one."),
    "bad_backup:unreadable": N_("The backup {path} cannot be read. Check the disk, then try again."),
    "bad_backup:newer_version": N_("The backup {path} was made by a newer version of this program. Install that version."),
    "bad_backup:miscounted": N_("The backup {path} does not hold as many records as it should. Use another one."),
    "bad_backup:references": N_("The backup {path} is incomplete: records in it point to nothing. Use another one."),
    "bad_backup:journal_broken": N_("The backup {path} was changed after it was made, at change {seq}. Use another one."),
    "restore_refused": N_("Nothing was restored and nothing was changed."),
    "restore_refused:other_key": N_(
        "The backup {path} was made with a key that is not at hand here. Restore it from the first page of the program."
    ),
    "restore_refused:too_early": N_("No backup reaches back so far. The earliest one is of {earliest}."),
    "restore_refused:in_use": N_("Somebody still has the database open. Close the program on all computers, then try again."),
    "restore_refused:no_file": N_("Only a clinic in a file can move to a server."),
    "restore_refused:not_encrypted": N_("This file is not encrypted: a server keeps documents only sealed. Nothing was moved."),
    "restore_refused:copy": N_("This is a copy of a server\u2019s data: its clinic is on that server already."),
    "restore_refused:no_rights": N_("Nothing was restored: this login may not change the structure of the server's database."),
    "restore_refused:newer_program": N_("This needs a newer version of the program ({version}). Nothing was restored."),
    "restore_refused:journal_broken": N_(
        "The saved journal was altered at change {seq}. Restore to an earlier time; nothing was changed yet."
    ),
    "restore_refused:row_missing": N_(
        "The saved journal does not fit the backup at change {seq}. Restore to an earlier time; nothing was changed yet."
    ),
    "restore_refused:secrets_forgotten": N_(
        "That time lies too far after its backup: passwords of change {seq} are no longer kept. Choose another time."
    ),
}

REASONS = {
    "not_a_folder": N_("Please enter the whole path of a folder, or choose one."),
    "not_clock_times": N_("Please enter times such as 13:00 21:00."),
    "not_an_instant": N_("Please enter a time such as 2026-03-02 13:00."),
}

STEPS = {
    "check": N_("Checking…"),
    "copy": N_("Copying…"),
    "count": N_("Counting…"),
    "documents": N_("Documents…"),
    "load": N_("Loading…"),
    "replay": N_("Adding what came after the backup…"),
    "unpack": N_("Copying…"),
}

COUNTED = {
    "patients": N_("Patients"),
    "appointments": N_("Appointments"),
    "visits": N_("Visits"),
    "consultations": N_("Consultations"),
    "prescriptions": N_("Prescriptions"),
    "invoices": N_("Invoices"),
    "payments": N_("Payments"),
    "stock_movements": N_("Stock movements"),
    "users": N_("People"),
}
"""Tables as people count them (clinic.backups.previews)."""


def step(label: str) -> str:
    """What a long piece of work is doing."""
    return _(STEPS[label]) if label in STEPS else label


def undone(erasures: Sequence[str]) -> str:
    """Which erasures a restore would take back: their numbers, and of whom."""
    said = ngettext(
        "This erasure would be undone and must be repeated: {list}",
        "These erasures would be undone and must be repeated: {list}",
        len(erasures),
    )
    return said.format(list=", ".join(isolated(one) for one in erasures))
