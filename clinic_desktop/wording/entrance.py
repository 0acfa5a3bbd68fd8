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
    "database_unavailable:not_granted": N_(
        "The server does not allow this to you here. It is done by whoever may, or on the server itself."
    ),
    "database_unavailable:older_server": N_(
        "The clinic's database on the server is of an earlier version. Whoever runs the server brings it up to date; then try again."
    ),
    "join_refused": N_("This computer could not join."),
    "join_refused:code": N_("This code is wrong or over. A code opens once, and for a quarter of an hour: ask for a new one."),
    "join_refused:used": N_("This code was used already. A code lets one computer in: ask for a new one."),
    "join_refused:no_access": N_(
        "The server lets nobody in with this code from here. Check the code, and that whoever runs the server allows this network."
    ),
    "join_refused:other_server": N_(
        "Another server answers at this address than the one that the code is for, so nothing was sent. Check the address and the code."
    ),
    "join_refused:not_set_up": N_("The server does not say who vouches for it. Whoever runs it sets the clinic up there once more."),
    "server_not_settled": N_("The clinic could not be set up on this server."),
    "server_not_settled:too_old": N_("This Postgres is too old. Version 15 or later is needed."),
    "server_not_settled:no_scram": N_("The server keeps passwords by {said}. Set password_encryption to scram-sha-256 there."),
    "server_not_settled:no_rights": N_("This login may not set a clinic up on the server. It says: {said}"),
    "server_not_settled:no_tls": N_("The server offers no encryption, and this login cannot switch it on from here."),
    "server_not_settled:no_authority": N_(
        "The server's certificate does not vouch for itself. Give the certificate of the authority that does."
    ),
    "door_not_written": N_("The server's door was left as it was."),
    "door_not_written:not_superuser": N_("Only a superuser of the server can write this file."),
    "door_not_written:elsewhere": N_("The file {path} is not on this computer."),
    "door_not_written:not_writable": N_("The file {path} cannot be written by this user."),
    "door_not_written:refused": N_("The server did not understand the lines, so {path} is as it was. It says: {said}"),
    "server_not_run": N_("No server was started."),
    "server_not_run:no_programs": N_("No Postgres 15 or later is installed on this computer. Install it, then try again."),
    "server_not_run:no_account": N_("The account {said}, under which the server would run, is not on this computer. Install Postgres."),
    "server_not_run:not_ours": N_("There is no server of the clinic in {path}."),
    "server_not_run:occupied": N_("Another program answers at port {said} already. Choose another port."),
    "server_not_run:failed": N_("The server did not start. It says: {said}"),
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
    "not_a_joining_code": N_("A joining code has {limit} letters and figures."),
    "not_a_server_address": N_("Write the address as server, server:port or server:port/database."),
    "not_a_database_name": N_("At most twenty small letters, figures and underscores, a letter first."),
    "not_that_group": N_("This is not what stands on the sheet. Read the group once more."),
    "incomplete_hours": N_("Please fill in when it opens and closes, and both ends of the break."),
    "hours_overlap": N_("The break must lie between opening and closing."),
    "not_working_hours": N_("“{text}” are no opening hours. Write them as: mo 09:00-13:00 14:00-18:00; tu 09:00-13:00."),
    "not_a_percentage": N_("Please enter a percentage such as 18 or 7.5."),
}
