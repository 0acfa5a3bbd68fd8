"""What screens and other departments ask about patients."""

from clinic_desktop.clinic.patients.queries.contacts import ContactRow as ContactRow
from clinic_desktop.clinic.patients.queries.contacts import contacts as contacts
from clinic_desktop.clinic.patients.queries.finding import PatientHit as PatientHit
from clinic_desktop.clinic.patients.queries.finding import search as search
from clinic_desktop.clinic.patients.queries.likeness import Candidate as Candidate
from clinic_desktop.clinic.patients.queries.likeness import similar as similar
from clinic_desktop.clinic.patients.queries.records import CardRow as CardRow
from clinic_desktop.clinic.patients.queries.records import DuplicateRow as DuplicateRow
from clinic_desktop.clinic.patients.queries.records import IdentifierRow as IdentifierRow
from clinic_desktop.clinic.patients.queries.records import PatientRow as PatientRow
from clinic_desktop.clinic.patients.queries.records import card as card
from clinic_desktop.clinic.patients.queries.records import card_by_code as card_by_code
from clinic_desktop.clinic.patients.queries.records import card_in_use as card_in_use
from clinic_desktop.clinic.patients.queries.records import card_public_keys as card_public_keys
from clinic_desktop.clinic.patients.queries.records import duplicates as duplicates
from clinic_desktop.clinic.patients.queries.records import family as family
from clinic_desktop.clinic.patients.queries.records import has_namesake as has_namesake
from clinic_desktop.clinic.patients.queries.records import identifiers as identifiers
from clinic_desktop.clinic.patients.queries.records import medical_history as medical_history
from clinic_desktop.clinic.patients.queries.records import number_systems as number_systems
from clinic_desktop.clinic.patients.queries.records import patient as patient
from clinic_desktop.clinic.patients.queries.records import patient_by_number as patient_by_number
from clinic_desktop.clinic.patients.queries.records import patients as patients
from clinic_desktop.clinic.patients.queries.records import phone_region as phone_region
from clinic_desktop.clinic.patients.queries.scanning import meant_by as meant_by
from clinic_desktop.clinic.patients.queries.scanning import patient_of_code as patient_of_code
