"""People and what they may do: user accounts, roles, open sessions, and everybody's own account."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

_HERE = "clinic_desktop.ui.screens.people."
_GROUP = N_("People and access")

SCREENS = (
    ScreenSpec(
        code="users",
        title=N_("Users"),
        icon="users",
        permissions=("access.users",),
        order=710,
        factory=f"{_HERE}users:UsersScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="roles",
        title=N_("Roles"),
        icon="shield-check",
        permissions=("access.roles",),
        order=720,
        factory=f"{_HERE}roles:RolesScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="sessions",
        title=N_("Sessions"),
        icon="log-in",
        permissions=("access.users",),
        order=730,
        factory=f"{_HERE}sessions:SessionsScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="messages",
        title=N_("Messages"),
        icon="mail",
        permissions=("messages.set_up",),
        order=740,
        factory=f"{_HERE}mail:MailScreen",
        area="administration",
        group=_GROUP,
    ),
)
