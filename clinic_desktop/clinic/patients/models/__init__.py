"""Tables of patients: the records themselves, identity cards, and the papers in a patient's folder."""

from clinic_desktop.clinic.patients.models.cards import CardSigningKey as CardSigningKey
from clinic_desktop.clinic.patients.models.cards import CardTemplate as CardTemplate
from clinic_desktop.clinic.patients.models.cards import IdCard as IdCard
from clinic_desktop.clinic.patients.models.papers import ConsentTemplate as ConsentTemplate
from clinic_desktop.clinic.patients.models.papers import PatientConsent as PatientConsent
from clinic_desktop.clinic.patients.models.papers import PatientDocument as PatientDocument
from clinic_desktop.clinic.patients.models.records import SEARCHED as SEARCHED
from clinic_desktop.clinic.patients.models.records import Patient as Patient
from clinic_desktop.clinic.patients.models.records import PatientDuplicate as PatientDuplicate
from clinic_desktop.clinic.patients.models.records import PatientIdentifier as PatientIdentifier
from clinic_desktop.clinic.patients.models.records import PatientMerge as PatientMerge
from clinic_desktop.clinic.patients.models.records import WalletTransaction as WalletTransaction
from clinic_desktop.clinic.patients.models.records import searched as searched
from clinic_desktop.clinic.patients.name_words import NameWord as NameWord
from clinic_desktop.clinic.patients.name_words import NameWordKey as NameWordKey
