"""Consents: signed, shown and withdrawn on a patient's file; their texts written under Administration."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import PartSpec, ScreenSpec, TodoSpec

_HERE = "clinic_desktop.ui.screens.consents"

PARTS = (
    PartSpec(
        code="consents",
        title=N_("Consents"),
        icon="scroll-text",
        permissions=("patients.consents",),
        order=40,
        factory=f"{_HERE}.part:ConsentsPart",
    ),
)
SCREENS = (
    ScreenSpec(
        code="consent_texts",
        title=N_("Consent texts"),
        icon="scroll-text",
        permissions=("patients.consent_texts",),
        order=735,
        factory=f"{_HERE}.texts:ConsentTextsScreen",
        area="administration",
        group=N_("Safety"),
    ),
)
TODO = TodoSpec(
    code="unsigned",
    title=N_("Consents to sign"),
    icon="scroll-text",
    permissions=("patients.consents",),
    order=18,
    count=f"{_HERE}.reading:here_and_unsigned",
    screen="reception",
    open={"figure": "unsigned"},
    told_by=tuple(f"clinic_desktop.clinic.patients.events:{name}" for name in ("ConsentSigned", "ConsentWithdrawn", "ConsentTextsChanged")),
)
