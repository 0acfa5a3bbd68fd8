"""Taking in files from outside: what they are is told by their content, what is hostile is refused or taken out (pure, no database)."""

from clinic_desktop.clinic.patients.intake.kinds import MediaType as MediaType
from clinic_desktop.clinic.patients.intake.names import safe_name as safe_name
from clinic_desktop.clinic.patients.intake.photos import Crop as Crop
from clinic_desktop.clinic.patients.intake.photos import portrait as portrait
from clinic_desktop.clinic.patients.intake.taking import TakenIn as TakenIn
from clinic_desktop.clinic.patients.intake.taking import take_in as take_in
