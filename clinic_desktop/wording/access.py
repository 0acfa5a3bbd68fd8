"""Refusals of organisation and access."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "login_refused": N_("Wrong username or password."),
    "login_locked": N_("Too many failed attempts. Try again in {seconds} seconds."),
    "account_disabled": N_("This account is disabled. An administrator can enable it."),
    "password_change_required": N_("The password must be changed before you can work."),
    "session_ended": N_("Your session has ended. Please log in again; your input is kept."),
    "last_administrator": N_("At least one active administrator must remain."),
    "role_not_grantable": N_("Only an owner may grant or take away the role {role}."),
    "username_taken": N_("This username is taken."),
    "email_taken": N_("Another user has this e-mail address."),
    "drafts_too_large": N_("More is typed here than can be kept unsaved. Save it, or shorten it."),
    "hospital_exists": N_("This database already has its hospital."),
    "already_exists": N_("There is already a {entity} named {value}."),
}

REASONS = {
    "password_too_short": N_("At least {least} characters."),
    "password_too_common": N_("This password is too common."),
    "password_unchanged": N_("The new password must differ from the old one."),
    "not_a_username": N_("Two to forty small letters, digits, dots or dashes."),
    "not_an_email": N_("Please enter an e-mail address."),
    "not_a_role_code": N_("Small letters, digits and underscores."),
    "unknown_role": N_("The role {role} is not known."),
    "unknown_permission": N_("The permission {permission} is not known."),
}
