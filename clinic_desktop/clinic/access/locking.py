"""After how long a desk that nobody touches locks itself."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

LOCK_MINUTES = setting(
    "access.lock_minutes",
    5,
    Scope.WORKSTATION,
    N_("Minutes without input after which the screen locks"),
    help=N_("What is typed is kept. Holds from the next login on."),
    low=1,
    high=240,
    words=N_("lock idle automatic screen time"),
)
