"""Identity cards: those to print, one that takes another's place, and what stands on them."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ActionSpec, ScreenSpec

_HERE = "clinic_desktop.ui.screens.cards."

SCREENS = (
    ScreenSpec(
        code="cards",
        title=N_("ID cards"),
        icon="id-card",
        permissions=("patients.cards",),
        order=26,
        factory=f"{_HERE}screen:CardsScreen",
    ),
    ScreenSpec(
        code="card_design",
        title=N_("Card design"),
        icon="id-card",
        permissions=("patients.card_templates",),
        order=575,
        factory=f"{_HERE}design_screen:DesignScreen",
        area="administration",
        group=N_("Clinic"),
    ),
)
ACTION = ActionSpec(
    code="replace_card",
    title=N_("Replace or revoke the ID card…"),
    icon="id-card",
    permissions=("patients.cards",),
    order=20,
    run=f"{_HERE}replacing:replace_card",
)
