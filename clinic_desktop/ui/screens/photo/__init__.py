"""The photo of a patient: chosen, cut to a square, shown on the banner; in the menu of the patient's file."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ActionSpec

ACTIONS = (
    ActionSpec(
        code="photo",
        title=N_("Photo…"),
        icon="image",
        permissions=("patients.edit",),
        order=5,
        run="clinic_desktop.ui.screens.photo.dialog:show_photo_dialog",
        keys="Ctrl+Shift+F",
    ),
)
