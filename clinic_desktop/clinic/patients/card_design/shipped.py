"""The layouts that every hospital starts from."""

from __future__ import annotations

from clinic_desktop.clinic.patients.card_design.layout import Align, CardLayout, Element, Item, Shape, Tone

_ACCENT, _PAPER = "#0f5e6b", "#ffffff"
_E, _I = Element, Item

STANDARD = CardLayout(
    shape=Shape.LANDSCAPE,
    background=_PAPER,
    accent=_ACCENT,
    front=(
        _E(_I.BAND, 0, 0, 85.6, 11.5),
        _E(_I.CLINIC, 5, 2.5, 50, 4.6, 10.5, is_bold=True),
        _E(_I.HOSPITAL, 5, 7.2, 50, 3, 5.8, tone=Tone.MUTED),
        _E(_I.TITLE, 56, 4, 24.6, 4, 7, align=Align.END, tone=Tone.MUTED),
        _E(_I.PHOTO, 5, 14.5, 18.5, 23),
        _E(_I.NAME, 26, 14.2, 35.5, 6, 11, is_bold=True),
        _E(_I.NUMBER, 26, 20.4, 35.5, 3.8, 9, is_bold=True, tone=Tone.ACCENT),
        _E(_I.SEX, 26, 24.8, 35.5, 3.4, 7.8, is_titled=True),
        _E(_I.BORN, 26, 28.5, 35.5, 3.4, 7.8, is_titled=True),
        _E(_I.BLOOD_GROUP, 26, 32.2, 17, 3.4, 7.8, is_bold=True, tone=Tone.ALARM, is_titled=True),
        _E(_I.ALLERGIES, 26, 35.9, 35.5, 3.4, 7, tone=Tone.ALARM, is_titled=True, is_shown=False),
        _E(_I.COPY, 65.1, 33.8, 14, 3.8, 6.5, is_bold=True),
        _E(_I.QR, 61.9, 12.6, 20.5, 20.5),
        _E(_I.BARCODE, 5, 39.6, 75.6, 11.8, 6.5),
        _E(_I.VALID_UNTIL, 44, 32.2, 17.5, 3.4, 6, is_titled=True, is_shown=False),
    ),
    back=(
        _E(_I.BAND, 0, 0, 85.6, 3),
        _E(_I.CLINIC, 6, 7.5, 58, 4.6, 9.5, is_bold=True, tone=Tone.ACCENT),
        _E(_I.ADDRESS_OF_CLINIC, 6, 12.8, 58, 7.6, 7.2),
        _E(_I.PHONE_OF_CLINIC, 6, 20.9, 58, 3.4, 7.2),
        _E(_I.LOGO, 66.6, 7.5, 13, 13),
        _E(_I.EMERGENCY_CONTACT, 6, 27.4, 73.6, 7, 8, is_bold=True, is_titled=True),
        _E(_I.NOTICE, 6, 43.4, 73.6, 6.6, 6.5, tone=Tone.MUTED),
    ),
)
UPRIGHT = CardLayout(
    shape=Shape.PORTRAIT,
    background=_PAPER,
    accent=_ACCENT,
    front=(
        _E(_I.BAND, 0, 0, 53.98, 13),
        _E(_I.LOGO, 22.99, 1.6, 8, 5, is_shown=False),
        _E(_I.CLINIC, 4, 3, 45.98, 5, 10.5, is_bold=True, align=Align.CENTRE),
        _E(_I.HOSPITAL, 4, 8.2, 45.98, 3, 5.8, align=Align.CENTRE, tone=Tone.MUTED),
        _E(_I.PHOTO, 17.49, 15.5, 19, 23.5),
        _E(_I.NAME, 4, 40.4, 45.98, 7, 11, is_bold=True, align=Align.CENTRE),
        _E(_I.NUMBER, 4, 47.6, 45.98, 4, 9, is_bold=True, align=Align.CENTRE, tone=Tone.ACCENT),
        _E(_I.SEX, 4, 53.5, 24, 3.4, 7.5, is_titled=True),
        _E(_I.BORN, 4, 57.3, 24, 6.4, 7.5, is_titled=True),
        _E(_I.BLOOD_GROUP, 4, 64.1, 24, 3.4, 7.5, is_bold=True, tone=Tone.ALARM, is_titled=True),
        _E(_I.ALLERGIES, 4, 67.9, 24, 3.4, 7, tone=Tone.ALARM, is_titled=True, is_shown=False),
        _E(_I.COPY, 4, 78.5, 14, 3.8, 6.5, is_bold=True),
        _E(_I.QR, 29.4, 53, 22, 22),
        _E(_I.VALID_UNTIL, 19, 78.8, 31, 3.4, 6.5, is_titled=True, align=Align.END, is_shown=False),
    ),
    back=(
        _E(_I.BAND, 0, 0, 53.98, 3),
        _E(_I.CLINIC, 4, 8, 45.98, 4.6, 9.5, is_bold=True, align=Align.CENTRE, tone=Tone.ACCENT),
        _E(_I.ADDRESS_OF_CLINIC, 4, 13.4, 45.98, 10, 7, align=Align.CENTRE),
        _E(_I.PHONE_OF_CLINIC, 4, 24, 45.98, 3.4, 7.2, align=Align.CENTRE),
        _E(_I.EMERGENCY_CONTACT, 4, 32, 45.98, 10, 8, is_bold=True, is_titled=True),
        _E(_I.BARCODE, 1.79, 46, 50.4, 13, 6.5),
        _E(_I.NOTICE, 4, 70, 45.98, 11, 6.5, align=Align.CENTRE, tone=Tone.MUTED),
    ),
)
SHIPPED = {"standard": STANDARD, "upright": UPRIGHT}
"""By the code that a card keeps; the first is used until a hospital has chosen another."""
