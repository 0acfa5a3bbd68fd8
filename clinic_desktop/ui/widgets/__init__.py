"""The controls that screens are built from."""

from clinic_desktop.ui.widgets.banner import BannerPatient, PatientBanner, Portrait
from clinic_desktop.ui.widgets.buttons import BusyButton, Button
from clinic_desktop.ui.widgets.chip import Chip
from clinic_desktop.ui.widgets.choice import ActChoice, Choice, Notes
from clinic_desktop.ui.widgets.dialogs import Dialog, ask, ask_reason, tell
from clinic_desktop.ui.widgets.empty import EmptyState
from clinic_desktop.ui.widgets.form import Form, FormField
from clinic_desktop.ui.widgets.inputs import DateField, LineEdit, MoneyEdit, NumberField, PhoneField, SearchBox
from clinic_desktop.ui.widgets.keys import keyed
from clinic_desktop.ui.widgets.layout import Card, Page, Stat, keep_if, line, row, scrolled
from clinic_desktop.ui.widgets.text import ElidedLabel, Label, beside, directed
from clinic_desktop.ui.widgets.toast import ToastArea

__all__ = [
    "ActChoice",
    "BannerPatient",
    "BusyButton",
    "Button",
    "Card",
    "Chip",
    "Choice",
    "DateField",
    "Dialog",
    "ElidedLabel",
    "EmptyState",
    "Form",
    "FormField",
    "Label",
    "LineEdit",
    "MoneyEdit",
    "Notes",
    "NumberField",
    "Page",
    "PatientBanner",
    "PhoneField",
    "Portrait",
    "SearchBox",
    "Stat",
    "ToastArea",
    "ask",
    "ask_reason",
    "beside",
    "directed",
    "keep_if",
    "keyed",
    "line",
    "row",
    "scrolled",
    "tell",
]
