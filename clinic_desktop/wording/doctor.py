"""What the doctor found, in words: each code with what it says and, where something is to be done, what to do."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, size_text
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.wording import sentence, told_zone

TOPICS = {
    "disk": N_("Disk"),
    "file": N_("Database file"),
    "keys": N_("Keys"),
    "pages": N_("Contents"),
    "version": N_("Version"),
    "journal": N_("Journal"),
    "truth": N_("Invariants"),
    "clock": N_("Clock"),
    "server": N_("Server"),
    "identity": N_("Identity"),
    "backups": N_("Backups"),
}

SAID = {
    "network_share": N_("The database {path} is on a network share ({filesystem})."),
    "folder_missing": N_("The folder {path} does not exist."),
    "file_missing": N_("There is no database at {path}."),
    "disk_full": N_("Only {free} are free on the disk of {path}: a day's work may not fit."),
    "disk_nearly_full": N_("Only {free} are free on the disk of {path}."),
    "disk_has_room": N_("{free} are free."),
    "not_writable": N_("This account may not write to {path}."),
    "open_to_others": N_("Other accounts of this computer may read {path}."),
    "file_in_place": N_("The database is in its place ({size})."),
    "large_log": N_("The write-ahead log has grown to {size}: something has kept the database open for long."),
    "kept_from_restore": N_("A database that a restore replaced is still here: {path}."),
    "half_written": N_("A half-written file was left behind: {path}."),
    "key_file_missing": N_("The key file {path} is missing: nothing can open the database without it."),
    "key_file_damaged": N_("The key file {path} cannot be read."),
    "key_file_exposed": N_("Other accounts of this computer may read the key file {path}."),
    "no_recovery_key": N_("There is no recovery key: if the passwords are lost, so is the data."),
    "rekey_unfinished": N_("A change of the data key was interrupted; the database opens with the old and the new key file entry."),
    "keys_in_place": N_("The key file is in its place. Ways to open the database: {count}."),
    "keyring_here": N_("This computer can keep a key of its own."),
    "keyring_absent": N_("This computer has no safe place for a key of its own: somebody unlocks the data at each start."),
    "file_damaged": N_("The file {path} is no clinic database, or its first page is damaged."),
    "does_not_open": N_("The database does not open: {refusal}"),
    "opens": N_("The database opens."),
    "pages_whole": N_("Every page and reference was read and is whole."),
    "pages_damaged": N_("{count} parts of the database are damaged, the first: {first}."),
    "references_broken": N_("{count} rows refer to something that is not there, the first in {table}."),
    "empty": N_("The database is empty."),
    "newer_than_program": N_("The database is of a newer version ({here}) than this program ({wanted})."),
    "older_than_program": N_("The database is of an older version ({here}); this program wants {wanted}."),
    "current": N_("Database and program are of the same version ({here})."),
    "journal_missing": N_("The journal is broken: change set {seq} is missing."),
    "journal_altered": N_("The journal is broken: change set {seq} was altered."),
    "journal_truncated": N_("The journal is broken: it ends at change set {seq}, and had gone on."),
    "journal_replaced": N_("The journal is broken: from change set {seq} on it is not the one that this computer has seen."),
    "journal_whole": N_("The journal is whole: {count} change sets, head {head}…"),
    "check_failed": N_("“{name}” does not hold in {count} rows: {first}"),
    "checks_passed": N_("All {count} invariants hold over {rows} rows."),
    "clock_plausible": N_("The clock of this computer fits the journal."),
    "clock_behind": N_("The clock of this computer says {now}, but the newest entry was made at {newest}."),
    "clock_far_ahead": N_("The clock of this computer says {now}, long after the newest entry ({newest})."),
    "clocks_agree": N_("This computer and the server agree on the time."),
    "clocks_differ": N_("The clock of this computer says {here}, that of the server {there}."),
    "server_answers": N_("The server answers (Postgres {version})."),
    "server_too_old": N_("The server is too old (Postgres {version})."),
    "server_silent": N_("The database server does not answer ({address})."),
    "server_unsafe": N_("The server may lose what it has acknowledged: {setting} is not {wanted}."),
    "server_without_checksums": N_("The server keeps no checksums: a failing disk would be noticed late."),
    "server_without_tls": N_("The connection to the server is not encrypted."),
    "server_round_trip": N_("A question to the server takes {milliseconds} ms."),
    "server_nearly_full": N_("{used} of {most} connections of the server are in use."),
    "server_encoding": N_("The database is kept in {encoding}, not UTF-8."),
    "server_letters": N_("The database knows no letters beyond English ones ({collation})."),
    "identity_same": N_("This is the database that this computer knows."),
    "identity_new": N_("This computer sees this database for the first time."),
    "identity_restored": N_("This is a restored copy of the database that this computer knew."),
    "identity_older": N_("This is an older copy: {missing} change sets that this computer has seen are missing."),
    "identity_other": N_("At this place there was another database before."),
    "identity_diverged": N_("This is a copy that has gone its own way since."),
    "backup_recent": N_("The last verified backup is from {at}."),
    "backup_none": N_("There is no backup yet."),
    "backup_overdue": N_("The last verified backup is from {at}: another one is overdue."),
    "backup_failed": N_("The last backup failed: {reason}"),
    "backup_folder_missing": N_("The backup folder {path} is not there."),
    "backup_same_disk": N_("The backups are on the same disk as the database."),
}

ADVICE = {
    "network_share": N_("Move it to a disk of this computer, or set up a server for the clinic (Postgres) that all computers share."),
    "folder_missing": N_("Connect the disk that it is on, or give the right path."),
    "file_missing": N_("Give the right path, restore a backup (clinic restore), or create a database (clinic init)."),
    "disk_full": N_("Free some space now: empty the bin, move old backups to another disk. What is saved stays saved."),
    "disk_nearly_full": N_("Free some space soon; backups need as much room as the database."),
    "not_writable": N_("Log in to the computer as the person who installed the program, or give this account the right to write."),
    "open_to_others": N_("Take the right to read from others (chmod 600). The contents are encrypted where the database is."),
    "large_log": N_("Close the program on this computer and open it again."),
    "kept_from_restore": N_("Once you are sure that nothing of it is needed, delete it."),
    "half_written": N_("Nothing is lost: it is what an interrupted step had not finished. It can be deleted while the program is closed."),
    "key_file_missing": N_("Copy it back from where the computer was before; each backup holds one too (clinic restore)."),
    "key_file_damaged": N_("Copy it back from a backup: each backup holds the key file of its time (clinic restore)."),
    "key_file_exposed": N_("Take the right to read from others (chmod 600)."),
    "no_recovery_key": N_("Make one, print it and lock it away: clinic keys add-recovery."),
    "rekey_unfinished": N_("Run it again: clinic keys rekey."),
    "file_damaged": N_("Do not write to it. Keep a copy of the file and restore the newest backup: clinic restore."),
    "does_not_open": N_("Nothing was changed. Try the password of another person, or the recovery key."),
    "pages_damaged": N_("Stop working with it and keep a copy of the file. Restore the newest backup; the journal brings the rest back."),
    "references_broken": N_("Restore the newest backup to the moment before; tell whoever supports you."),
    "empty": N_("Set the clinic up in the program, or fill it with clinic demo."),
    "newer_than_program": N_("Install the newest version of the program on this computer."),
    "older_than_program": N_(
        "Make a backup (clinic backup), then start the program or run clinic init: it brings the database up to date."
    ),
    "journal_missing": N_(
        "Somebody or something has removed it outside the program. Keep a copy of the file and restore to the moment before."
    ),
    "journal_altered": N_("Somebody or something has changed it outside the program. Keep a copy of the file and compare with a backup."),
    "journal_truncated": N_("The newest entries were removed outside the program. Keep a copy of the file and restore the newest backup."),
    "journal_replaced": N_("This is another copy, or somebody has changed it. Keep a copy of the file and compare with a backup."),
    "check_failed": N_("Keep a copy of the database and tell whoever supports you; clinic check names every row."),
    "clock_behind": N_("Set date and time right and switch on “set automatically”. The order of entries is kept meanwhile."),
    "clock_far_ahead": N_("Check date and year of this computer before anybody works."),
    "clocks_differ": N_("Set both right, best by letting them set themselves from the network."),
    "server_too_old": N_("Install Postgres 14 or newer on the server."),
    "server_silent": N_("Is the server switched on, and this computer in the network? Work that is typed stays on the screen."),
    "server_unsafe": N_("Set {setting} = {wanted} in postgresql.conf and restart the server."),
    "server_without_checksums": N_("At the next maintenance: stop the server and run pg_checksums --enable."),
    "server_without_tls": N_("Switch TLS on at the server and use sslmode=verify-full in the address."),
    "server_round_trip": N_("Use a cable instead of a wireless network between this computer and the server."),
    "server_nearly_full": N_("Raise max_connections, or close programs that are open and not used."),
    "server_encoding": N_("Move to a database that was created with encoding UTF8."),
    "server_letters": N_("Move to a database that was created with locale C.UTF-8 or an ICU one: search misses names otherwise."),
    "identity_older": N_(
        "If you restored it on purpose, say so when the program asks. Otherwise look for the newer file before anybody works."
    ),
    "identity_other": N_("If this is the right one, say so when the program asks."),
    "identity_diverged": N_("Two copies are in use. Work with one of them only, and tell whoever supports you."),
    "backup_none": N_("Choose a folder, best on another disk: Administration, Backups; or run clinic backup."),
    "backup_overdue": N_("Make one now: Administration, Backups; or run clinic backup."),
    "backup_failed": N_("See to the cause and make one now: clinic backup."),
    "backup_folder_missing": N_("Connect the disk, or choose another folder: Administration, Backups."),
    "backup_same_disk": N_("Add a second folder on another disk or a memory stick: a broken disk would take both."),
}


def said(code: str, params: dict[str, Any]) -> str:
    """What was found, in a sentence."""
    return _filled(SAID[code], params)


def advice(code: str, params: dict[str, Any]) -> str:
    """What to do about it; nothing where there is nothing to do."""
    return _filled(ADVICE[code], params) if code in ADVICE else ""


def topic(code: str) -> str:
    """The topic's name."""
    return _(TOPICS[code])


def _filled(template: str, params: dict[str, Any]) -> str:
    texts: dict[str, str] = defaultdict(lambda: "…")
    texts.update({name: _text(name, value) for name, value in params.items()})
    return _(template).format_map(texts)


def _text(name: str, value: Any) -> str:
    if isinstance(value, ClinicError):
        return sentence(value)
    if isinstance(value, datetime):
        zone = told_zone()
        return datetime_text(value, timezone=zone) + (" UTC" if zone == "UTC" else "")
    return size_text(value) if name in ("free", "size") else str(value)
