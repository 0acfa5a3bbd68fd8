"""Identity cards: those to print, one that takes another's place, and what stands on them."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ActionSpec, ScreenSpec, TodoSpec

_HERE = "clinic_desktop.ui.screens.cards."
_EVENTS = tuple(f"clinic_desktop.clinic.patients.events:{name}" for name in ("CardIssued", "CardPrinted", "CardRevoked"))

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
TODOS = (
    TodoSpec(
        code="cards_to_print",
        title=N_("Cards to print"),
        icon="printer",
        permissions=("patients.cards",),
        order=40,
        count=f"{_HERE}reading:waiting_for_the_printer",
        screen="cards",
        open={"listed": "NOT_PRINTED"},
        told_by=_EVENTS,
    ),
    TodoSpec(
        code="cards_to_renew",
        title=N_("Cards to renew"),
        icon="id-card",
        permissions=("patients.cards",),
        order=42,
        count=f"{_HERE}reading:ending_of_today",
        screen="cards",
        open={"listed": "TO_RENEW"},
        told_by=_EVENTS,
    ),
)
