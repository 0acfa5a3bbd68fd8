"""Refusals of organisation and access."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "not_a_kiosk": N_("This computer is no kiosk. Choose a workstation of kind kiosk in the settings, log in again, then open it."),
    "login_refused": N_("Wrong username or password."),
    "login_locked": N_("Too many failed attempts. Try again in {seconds} seconds."),
    "account_disabled": N_("This account is disabled. An administrator can enable it."),
    "password_change_required": N_("The password must be changed before you can work."),
    "session_ended": N_("Your session has ended. Please log in again; your input is kept."),
    "password_needed": N_("A PIN is not enough for this. Please confirm it with your password."),
    "pin_refused": N_("Wrong PIN. {left} more tries, then only your password opens."),
    "pin_off": N_("Please log in with your password: the PIN works only where you have logged in with it this shift."),
    "code_refused": N_("This code is wrong, used or too old. Check it, or ask for a new one."),
    "too_many_codes": N_("Too many codes were asked for. Try again in {minutes} minutes."),
    "approval_refused": N_("This approval is used, too old, or was given for something else. Ask for a new code."),
    "no_address": N_("There is no address on this record to send a code to."),
    "no_address:VERIFY_PHONE": N_("There is no telephone number on this record to send a code to."),
    "last_administrator": N_("At least one active administrator must remain."),
    "role_not_grantable": N_("Only an owner may grant or take away the role {role}."),
    "username_taken": N_("This username is taken."),
    "email_taken": N_("Another user has this e-mail address."),
    "server_login_due": N_("The server does not know your password yet. An administrator can give you a code for a new one."),
    "no_server_logins": N_("This clinic is not on a server that computers join with a code."),
    "too_many_invitations": N_("Five joining codes are open already. Use one of them, or wait a quarter of an hour."),
    "has_people:move": N_("A clinic is at work in this database already. Give another name behind the address: {example}"),
    "has_people": N_("This clinic has accounts already. Its administrators make further ones."),
    "drafts_too_large": N_("More is typed here than can be kept unsaved. Save it, or shorten it."),
    "hospital_exists": N_("This database already has its hospital."),
    "already_exists": N_("There is already a {entity} named {value}."),
}

REASONS = {
    "password_too_short": N_("At least {least} characters."),
    "password_too_common": N_("This password is too common."),
    "password_unchanged": N_("The new password must differ from the old one."),
    "not_a_pin": N_("{least} to {most} digits."),
    "pin_too_simple": N_("This PIN is too easy to guess. Avoid rows, repeats and years."),
    "not_a_username": N_("Two to forty small letters, digits, dots or dashes."),
    "not_an_email": N_("Please enter an e-mail address."),
    "not_a_role_code": N_("Small letters, digits and underscores."),
    "unknown_role": N_("The role {role} is not known."),
    "unknown_permission": N_("The permission {permission} is not known."),
}

PERMISSION_GROUPS = {
    "patients": N_("Patients"),
    "appointments": N_("Appointments"),
    "queue": N_("Queue"),
    "visits": N_("Consultation"),
    "clinical": N_("Consultation"),
    "pharmacy": N_("Pharmacy"),
    "billing": N_("Billing"),
    "stock": N_("Stock"),
    "staff": N_("Services and staff"),
    "documents": N_("Documents"),
    "messages": N_("Messages"),
    "organisation": N_("Clinic"),
    "access": N_("People and access"),
    "privacy": N_("Privacy"),
    "audit": N_("Audit"),
    "backups": N_("Backups"),
}
"""The departments of permissions, by what stands before the first dot of a code, in the order in which they are listed."""
