"""What designers read: fields, warnings, templates."""

from __future__ import annotations

from clinic_desktop.clinic.patients.card_design import Align, Element, FaultKind, Item, Shape, Tone
from clinic_desktop.clinic.patients.queries import CardTemplateRow
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.ui.widgets import beside

ITEMS = {
    Item.BAND: N_("Band of colour"),
    Item.CLINIC: N_("Name of the clinic"),
    Item.HOSPITAL: N_("Name of the hospital"),
    Item.ADDRESS_OF_CLINIC: N_("Address of the clinic"),
    Item.PHONE_OF_CLINIC: N_("Phone of the clinic"),
    Item.LOGO: N_("Logo"),
    Item.TITLE: N_("“Patient card”"),
    Item.PHOTO: N_("Photo or initials"),
    Item.NAME: N_("Name"),
    Item.NUMBER: N_("Patient number"),
    Item.CARD_NUMBER: N_("Card number"),
    Item.SEX: N_("Sex"),
    Item.BORN: N_("Birth date and age"),
    Item.AGE: N_("Age"),
    Item.BLOOD_GROUP: N_("Blood group"),
    Item.ALLERGIES: N_("Allergies"),
    Item.PHONE: N_("Phone"),
    Item.ADDRESS: N_("Address"),
    Item.EMERGENCY_CONTACT: N_("Emergency contact"),
    Item.VALID_UNTIL: N_("Valid until"),
    Item.BARCODE: N_("Barcode"),
    Item.QR: N_("Signed QR code"),
    Item.COPY: N_("Mark of a copy"),
    Item.NOTICE: N_("“Please bring this card”"),
    Item.TEXT: N_("Own text"),
}
TONES = {Tone.INK: N_("Text"), Tone.MUTED: N_("Quiet"), Tone.ACCENT: N_("Accent"), Tone.ALARM: N_("Warning")}
ALIGNS = {Align.START: N_("At the start"), Align.CENTRE: N_("Centred"), Align.END: N_("At the end")}
SHAPES = {Shape.LANDSCAPE: N_("Landscape"), Shape.PORTRAIT: N_("Portrait")}
SAMPLES = {"short": N_("Short name"), "long": N_("Very long name"), "ar": N_("Arabic name"), "hi": N_("Hindi name")}
SHIPPED_NAMES = {"standard": N_("Standard"), "upright": N_("Upright")}
_FAULTS = {
    FaultKind.OVERLAP: N_("“{field}” and “{other}” overlap."),
    FaultKind.NEAR_EDGE: N_("“{field}” is less than 2 mm from the edge: printers may cut it off."),
    FaultKind.TOO_SMALL: N_("“{field}” is too small."),
    FaultKind.NO_CODE: N_("Without barcode and QR code the card cannot be scanned."),
}
CUT = N_("“{field}” does not fit: this sample’s text is shortened.")


def element_text(one: Element) -> str:
    """What a field is called in lists."""
    return f"{_(ITEMS[one.item])}: {one.text}" if one.item is Item.TEXT and one.text else _(ITEMS[one.item])


def fault_text(kind: FaultKind, field: str, other: str = "") -> str:
    """A warning."""
    return _(_FAULTS[kind]).format(field=field, other=other)


def template_text(row: CardTemplateRow) -> str:
    """A version of a template in the list of all."""
    if row.is_shipped:
        name = _("{name} (as delivered)").format(name=_(SHIPPED_NAMES.get(row.name, row.name)))
    else:
        name = _("{name}, version {version}").format(name=row.name, version=row.version)
    return beside(name, _("for new cards") if row.is_default else None if row.is_active else _("out of use"))
