"""What people do with patients' records."""

from clinic_desktop.clinic.patients.commands.card_templates import retire_card_template as retire_card_template
from clinic_desktop.clinic.patients.commands.card_templates import save_card_template as save_card_template
from clinic_desktop.clinic.patients.commands.card_templates import use_card_template as use_card_template
from clinic_desktop.clinic.patients.commands.cards import issue_id_card as issue_id_card
from clinic_desktop.clinic.patients.commands.cards import record_card_printed as record_card_printed
from clinic_desktop.clinic.patients.commands.cards import record_cards_printed as record_cards_printed
from clinic_desktop.clinic.patients.commands.cards import revoke_id_card as revoke_id_card
from clinic_desktop.clinic.patients.commands.contacts import mark_verified as mark_verified
from clinic_desktop.clinic.patients.commands.contacts import request_contact_code as request_contact_code
from clinic_desktop.clinic.patients.commands.other_numbers import add_number as add_number
from clinic_desktop.clinic.patients.commands.other_numbers import remove_number as remove_number
from clinic_desktop.clinic.patients.commands.registration import edit_patient as edit_patient
from clinic_desktop.clinic.patients.commands.registration import mark_as_different as mark_as_different
from clinic_desktop.clinic.patients.commands.registration import register_patient as register_patient
from clinic_desktop.clinic.patients.commands.taking_over import take_over_register as take_over_register
