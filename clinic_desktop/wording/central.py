"""What the central server refuses, in words: at its doors, to its operator, and on its command line."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "door_locked": N_("Too many wrong tries from here. Try again in {seconds} seconds."),
    "operator_password_wrong": N_("This is not the operator's password."),
    "no_central": N_("There is no central server in the folder {path}. “clinic central init” makes one."),
    "no_central:damaged": N_("The file central.json in the folder {path} is damaged. Put the copy from a backup in its place."),
    "no_central:exists": N_("There is a central server in the folder {path} already."),
    "service_locked_out": N_(
        "The clinic's data has a new key, and this service does not know it. Set it up again: clinic lan serve --set-up --user NAME"
    ),
    "no_central:other_database": N_("The database {path} is no central server's. A central server needs a database of its own."),
}

REASONS = {
    "site_code_taken": N_("The site “{name}” has this code already."),
    "not_a_site_code": N_("A site code has two to five capitals and digits, and begins with a letter."),
    "not_a_host": N_("“{host}” is no name or address of a server."),
    "cannot_listen": N_("The server cannot listen at {address}: another program does, or this computer has no such address."),
    "certificate_was_given": N_("This server was given its certificate: renew it where it came from."),
    "one_certificate": N_("Say --self-signed with the names of the server, or --certificate and --key."),
    "no_such_file": N_("There is no file {path}."),
    "password_in_address": N_("No password in the address: it would lie in a file. Put it into PGPASSWORD or .pgpass."),
    "one_worker": N_("One process serves a database file. Several need Postgres."),
}
