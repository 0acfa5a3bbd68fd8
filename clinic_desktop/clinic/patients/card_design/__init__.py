"""What stands on an identity card and where (pure): the fields there are, the rules of a layout, and the layouts we ship."""

from clinic_desktop.clinic.patients.card_design.layout import LANGUAGES as LANGUAGES
from clinic_desktop.clinic.patients.card_design.layout import SYMBOLS as SYMBOLS
from clinic_desktop.clinic.patients.card_design.layout import Align as Align
from clinic_desktop.clinic.patients.card_design.layout import CardLayout as CardLayout
from clinic_desktop.clinic.patients.card_design.layout import Element as Element
from clinic_desktop.clinic.patients.card_design.layout import Item as Item
from clinic_desktop.clinic.patients.card_design.layout import Shape as Shape
from clinic_desktop.clinic.patients.card_design.layout import Side as Side
from clinic_desktop.clinic.patients.card_design.layout import Tone as Tone
from clinic_desktop.clinic.patients.card_design.layout import read_layout as read_layout
from clinic_desktop.clinic.patients.card_design.layout import written_layout as written_layout
from clinic_desktop.clinic.patients.card_design.rules import Fault as Fault
from clinic_desktop.clinic.patients.card_design.rules import FaultKind as FaultKind
from clinic_desktop.clinic.patients.card_design.rules import checked_layout as checked_layout
from clinic_desktop.clinic.patients.card_design.rules import faults as faults
from clinic_desktop.clinic.patients.card_design.shipped import SHIPPED as SHIPPED
from clinic_desktop.clinic.patients.card_design.shipped import STANDARD as STANDARD
from clinic_desktop.clinic.patients.card_design.shipped import UPRIGHT as UPRIGHT
