"""Refusals before anybody is at work: opening the database, setting a clinic up."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "database_unavailable:newer_version": N_(
        "A newer version of the program has used this database. This version would not understand it."
    ),
    "database_unavailable:open_elsewhere": N_("Another window of this program has the database {path} open."),
    "database_older": N_("This is another copy of the database that was here."),
    "database_older:older": N_(
        "This computer has seen {missing} changes in this database that are not in it now: somebody put an older copy here."
    ),
    "database_older:diverged": N_("This is a copy of the database that was here, and it went another way since."),
    "server_refused": N_("The server cannot be used. It says: {said}"),
    "server_refused:host_unknown": N_("No computer named {host} is known here. Check the name, and that this computer is on the network."),
    "server_refused:no_answer": N_(
        "{host} does not answer at port {port}. Check that it is switched on, and whether a firewall is in the way."
    ),
    "server_refused:refused": N_(
        "{host} is there, but no database server answers at port {port}. Check the port, and that the server runs."
    ),
    "server_refused:no_tls": N_("The server offers no encryption. Have it switched on there, or choose another kind of connection."),
    "server_refused:certificate": N_("The server cannot prove who it is, so no password was sent. Check the certificate. It says: {said}"),
    "server_refused:certificate_missing": N_("The certificate {said} is not there."),
    "server_refused:password": N_("The server does not accept this user and password."),
    "server_refused:no_access": N_("The server does not let this computer or user in. Whoever runs it must allow it."),
    "server_refused:no_database": N_("The server has no database named {database}."),
    "server_refused:busy": N_("The server takes nobody in at the moment. Try again in a minute."),
}

REASONS = {
    "not_that_group": N_("This is not what stands on the sheet. Read the group once more."),
    "incomplete_hours": N_("Please fill in when it opens and closes, and both ends of the break."),
    "hours_overlap": N_("The break must lie between opening and closing."),
    "not_working_hours": N_("“{text}” are no opening hours. Write them as: mo 09:00-13:00 14:00-18:00; tu 09:00-13:00."),
    "not_a_percentage": N_("Please enter a percentage such as 18 or 7.5."),
}
