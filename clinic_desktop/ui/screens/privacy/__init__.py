"""Privacy: how long records are kept, what patients ask about their own data, and who opened restricted records."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ActionSpec, ScreenSpec

SCREEN = ScreenSpec(
    code="privacy",
    title=N_("Privacy"),
    icon="file-lock",
    permissions=("privacy.retain", "privacy.export", "privacy.erase", "privacy.review"),
    order=830,
    factory="clinic_desktop.ui.screens.privacy.screen:PrivacyScreen",
    area="administration",
    group=N_("Safety"),
)
ACTION = ActionSpec(
    code="privacy",
    title=N_("Privacy"),
    icon="file-lock",
    permissions=("privacy.export", "privacy.restrict"),
    order=90,
    run="clinic_desktop.ui.screens.privacy.from_file:show_privacy_menu",
)
