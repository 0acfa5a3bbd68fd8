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
ACTIONS = (
    ActionSpec(
        code="privacy_copy",
        title=N_("Copy of all data…"),
        icon="download",
        permissions=("privacy.export",),
        order=90,
        run="clinic_desktop.ui.screens.privacy.from_file:ask_for_copy",
    ),
    ActionSpec(
        code="privacy_erasure",
        title=N_("Erasure on request…"),
        icon="trash-2",
        permissions=("privacy.export",),
        order=91,
        run="clinic_desktop.ui.screens.privacy.from_file:ask_for_erasure",
    ),
    ActionSpec(
        code="privacy_readers",
        title=N_("Who reads the record…"),
        icon="file-lock",
        permissions=("privacy.restrict",),
        order=92,
        run="clinic_desktop.ui.screens.privacy.from_file:say_who_reads",
    ),
)
