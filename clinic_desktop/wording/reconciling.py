"""Refusals of what sites may change, and of settling what they changed at once."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "shared_elsewhere": N_("All sites share this, and it is kept elsewhere. Ask the central office to change it. Nothing was changed."),
    "owned_elsewhere": N_("This belongs to a clinic of another site, and is changed there. Nothing was changed here."),
    "nothing_to_choose": N_("Here are no two values to choose from. Do what has to be done, and say what you did."),
    "value_moved_on": N_("Somebody has changed this since. Look at the record: what stands there now is newer than both values."),
    "cannot_take": N_("The other value does not fit the record any more. Nothing was changed."),
    "cannot_take:gone": N_("The record is not there any more."),
    "cannot_take:sealed": N_("The record is signed, issued or closed, and stays as it is. Amend it instead."),
    "cannot_take:other_site": N_("The record belongs to another site. Decide there."),
    "cannot_take:not_yours": N_("An administrator decides this, or for what was written in treatment a doctor."),
    "cannot_take:tied": N_("This value follows from others. Change it in the record itself."),
    "cannot_take:empty": N_("This must not be empty."),
    "cannot_take:secret": N_("This value is a secret. Set it anew instead."),
}

REASONS: dict[str, str] = {}
