"""What access refuses."""

from __future__ import annotations

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.errors import SessionEnded as SessionEnded


class LoginRefused(ClinicError):
    """Wrong username or password: the same answer whichever it was."""

    code = "login_refused"


class LoginLocked(ClinicError):
    """Too many failures: param ``seconds`` until the next attempt is looked at."""

    code = "login_locked"


class AccountDisabled(ClinicError):
    """The password was right, but the account may not be used."""

    code = "account_disabled"


class PasswordChangeRequired(ClinicError):
    """The password was right, but must be changed before work begins."""

    code = "password_change_required"


class LastAdministrator(ClinicError):
    """The action would leave nobody who can administer the program."""

    code = "last_administrator"


class RoleNotGrantable(ClinicError):
    """Only an owner may grant, take away or touch the owner's role: param ``role``."""

    code = "role_not_grantable"


class UsernameTaken(ClinicError):
    """Another user has this username."""

    code = "username_taken"


class EmailTaken(ClinicError):
    """Another user has this e-mail address."""

    code = "email_taken"


class PinRefused(ClinicError):
    """The PIN is wrong: param ``left``, how many more are looked at."""

    code = "pin_refused"


class PinOff(ClinicError):
    """No PIN opens this account until its owner has logged in with the password."""

    code = "pin_off"


class CodeRefused(ClinicError):
    """A one-time code that is wrong, used, or past its time: the same answer whichever it was."""

    code = "code_refused"


class TooManyCodes(ClinicError):
    """Codes were asked for too often: param ``minutes`` until the next."""

    code = "too_many_codes"


class ApprovalRefused(ClinicError):
    """An approval that is used, past its time, or was made for another act."""

    code = "approval_refused"


class NoAddress(ClinicError):
    """A code cannot be sent: there is no address or number on the record."""

    code = "no_address"


class DraftsTooLarge(ClinicError):
    """More is typed than is kept unsaved: param ``limit``, in characters over all screens of the person."""

    code = "drafts_too_large"


class NoServerLogins(ClinicError):
    """The clinic is not on a server whose people and computers have logins of their own."""

    code = "no_server_logins"


class TooManyInvitations(ClinicError):
    """As many joining codes are open as may be at once."""

    code = "too_many_invitations"


class NotAKiosk(ClinicError):
    """The computer is no workstation of kind KIOSK."""

    code = "not_a_kiosk"
