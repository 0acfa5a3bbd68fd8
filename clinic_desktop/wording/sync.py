"""Sync in words: why central cannot be reached or will not, what sites did at once, and what waits."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.mending import ConflictKind

WORDS = {
    "central_offline": N_("The central server cannot be reached. Work goes on here; it is tried again by itself."),
    "central_offline:unreachable": N_("The central server does not answer. Work goes on here; it is tried again by itself."),
    "central_offline:timeout": N_("The central server took too long to answer. Work goes on here; it is tried again by itself."),
    "central_offline:not_central": N_(
        "Something answers at the address, but not the central server: perhaps a network that asks for a login first."
    ),
    "central_busy": N_("The central server has much to do at the moment. This site comes again by itself."),
    "sync_elsewhere": N_("Another computer of this clinic exchanges the data with the other sites."),
    "sync_refused": N_("The central server does not take this ({reason}). Work goes on here. Tell whoever runs the central server."),
    "sync_refused:gap": N_(
        "Changes are missing between what the central server has and what this site sends. Tell whoever runs the central server."
    ),
    "sync_refused:diverged": N_(
        "The central server knows other changes of this database: it is a copy of one that went on elsewhere. "
        "Close one of the two, and restore this one from a backup."
    ),
    "sync_refused:site_went_back": N_(
        "The central server has newer changes of this database than are here: an older copy was put in its place. "
        "Start the program again and go on with the copy knowingly, or bring back the newer one."
    ),
    "sync_refused:superseded": N_("This site goes on with another copy of the database. Nothing more is taken from this one."),
    "sync_refused:clock_ahead": N_("This computer's clock is ahead of the central server's. Nothing is sent until the clock is set right."),
    "sync_refused:revoked": N_(
        "The central server does not let this site in any more. Work goes on here, and nothing is lost. Ask whoever runs the server."
    ),
    "sync_refused:not_enrolled": N_("The central server does not know this site. Ask whoever runs it for a code, and join again."),
    "sync_refused:unknown_site": N_("The central server does not know this site. Ask whoever runs it for a code, and join again."),
    "sync_refused:too_old": N_("This version of the program is too old for the central server. Update it; what waits is sent then."),
    "sync_refused:central_too_old": N_(
        "The central server runs an earlier version of the program. What waits is sent once it has been updated there."
    ),
    "sync_refused:protocol": N_("This version of the program and the central server's do not understand each other. Update the older one."),
    "sync_refused:central_went_back": N_("The central server came back from an older backup. What it lost is sent again."),
    "sync_refused:other_history": N_(
        "What was read from the central server is not what it has now. Tell whoever runs it; nothing here was changed."
    ),
    "sync_refused:other_central": N_("Another central server answers at this address than the one this site belongs to."),
    "sync_refused:other_database": N_(
        "The central server expects another database for this site. Ask whoever runs it for a code that lets this one in."
    ),
    "sync_refused:needs_snapshot": N_("This site was away too long to read only what is new. It reads everything once more."),
    "sync_refused:no_progress": N_("The central server took nothing of what was sent. It is tried again by itself."),
    "sync_refused:overtaken": N_("Another computer of this clinic has just read the same changes. It goes on by itself."),
    "sync_refused:oversized": N_("A message between this site and the central server was too large. Tell whoever runs the central server."),
    "sync_refused:truncated": N_("A message arrived cut short. It is sent again by itself."),
    "sync_refused:malformed": N_("A message between this site and the central server was damaged. It is tried again by itself."),
    "sync_refused:forged": N_("The central server does not accept this site's signature. Ask whoever runs it for a code, and join again."),
    "sync_refused:untrusted": N_(
        "The server at this address cannot prove that it is the central server, so nothing was sent. Check the address."
    ),
    "sync_refused:fenced": N_("Another program has taken over sync for this site. It goes on by itself."),
    "sync_refused:stale": N_("The clocks of this computer and the central server differ too much. Set this computer's clock right."),
    "sync_refused:code_wrong": N_("This code is wrong or was used already. A code lets one site in, once: ask for a new one."),
    "sync_refused:code_expired": N_("This code is over: one is good for 72 hours. Ask for a new one."),
    "sync_refused:clinic_code_taken": N_("The site {site} has a clinic with the code {clinic} already. Numbers would be given out twice."),
    "sync_refused:has_clinics": N_(
        "The chain has its data already, and this database has a clinic of its own. Join with an empty database instead."
    ),
    "sync_refused:load_refused": N_(
        "The first load stopped at {table}. What arrived is kept. Try again, and tell whoever runs the server."
    ),
    "sync_refused:load_not_verified": N_(
        "The first load is complete, but could not be checked against the central server yet. Try again in a minute."
    ),
    "sync_refused:document_missing": N_("A document is not at the central server yet. It is asked for again by itself."),
    "sync_refused:document_damaged": N_("A document arrived damaged. It is asked for again by itself."),
    "already_linked": N_("This database takes part in a chain already, at {address}."),
    "not_linked": N_("This database stands alone: it takes part in no chain."),
    "site_key_lost": N_(
        "This site's key cannot be opened here. Ask whoever runs the central server for a code that lets the site in again."
    ),
    "copy_only": N_("This is the copy that this computer keeps of the clinic's data. Nobody works on it while the server is there."),
    "not_while_detached": N_("This is done on the clinic's server only. It has to wait until the server is back. Nothing was changed."),
    "copy_not_complete": N_("This computer's copy is not complete yet: it was never read to its end. It can be worked on once it is."),
    "not_handed_over": N_("The clinic's server does not have everything yet that was done here. Try again: nothing is lost."),
    "not_handed_over:unsent": N_("{unsent} pieces of work are here that the clinic's server does not have yet. Hand them over first."),
    "not_handed_over:documents": N_("{unsent} documents have not reached the clinic's server yet. Try again: nothing is lost."),
    "not_handed_over:differs": N_("This computer's copy and the server's data do not agree yet. Try again in a minute: nothing is lost."),
    "no_service": N_(
        "Copies are not answered at the clinic's server. Its administrator starts the service for them with “clinic lan serve --set-up”."
    ),
    "other_site": N_("This database is the site {current}, and its numbers say so. It cannot become the site {wanted}."),
}

REASONS = {
    "site_key_needs_encryption": N_("A site's key is kept in an encrypted database only."),
    "not_an_enrolment_code": N_("An enrolment code has {limit} letters and figures."),
    "not_a_central_address": N_("Write the address of the central server as its name, or name:port."),
}

TASKS: dict[ConflictKind, str] = {
    ConflictKind.DELETED: N_("One site deleted this record while another one changed it. Look whether it is still needed."),
    ConflictKind.DOUBLE_BOOKING: N_(
        "Two sites booked the same {who} for the same time: {number} and {other}. Both stand; move one of them, and tell the patient."
    ),
    ConflictKind.OVERPAID: N_("Two sites took money for invoice {number}. {amount} too much was paid: give it back at the cashier."),
    ConflictKind.OVERDISPENSED: N_(
        "Two sites dispensed {medicine} on prescription {number}: {dispensed} of {quantity}. Speak with the patient and the doctor."
    ),
    ConflictKind.CLASH: N_(
        "Two sites gave the same value, which only one record may have. This record gave way: see whether it needs another one."
    ),
    ConflictKind.OVERSOLD: N_(
        "Computers away from the server gave out {missing} more of {medicine}, batch {batch}, than the books had. Count this batch."
    ),
    ConflictKind.MERGE_CYCLE: N_(
        "Two sites merged the same patients, each the other way round. {number} was kept: see whether that is right."
    ),
}
"""What a person should look at and do."""

WHO = {"doctor": N_("doctor"), "patient": N_("patient")}

WAITING = {
    "not_owner": N_("It changes a record that belongs to another site."),
    "not_keeper": N_("It changes shared data, which that site may not."),
    "parent_missing": N_("It belongs to a record that has not arrived yet."),
    "row_missing": N_("It belongs to a record that has not arrived yet."),
    "depends": N_("It builds on another change that waits here."),
    "refused_by_database": N_("It does not fit what is recorded here."),
    "malformed": N_("This version of the program does not understand it."),
    "sealed": N_("It changes a record that is final here."),
}
"""Why a change set waits."""
