"""Refusals of the front desk and of the consultation."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "slot_taken": N_("The place at {start} has just been taken. Choose another time."),
    "patient_busy": N_("The patient has another appointment at {start}."),
    "not_bookable": N_("This time cannot be booked."),
    "not_bookable:past": N_("This time has passed. Choose a later one."),
    "not_bookable:outside_hours": N_("The doctor does not work at this time. Choose another, or give a reason to override."),
    "not_bookable:leave": N_("The doctor is on leave then. Choose another day or doctor."),
    "not_bookable:holiday": N_("The clinic is closed on that day."),
    "doctor_inactive": N_("This doctor does not see patients at present."),
    "patient_inactive": N_("This patient record is not active ({status})."),
    "already_queued": N_("The patient already waits for this doctor with number {queue_number}."),
    "wrong_day": N_("The visit is planned for {day}."),
    "already_rated": N_("This visit has been rated already. Thank you."),
    "not_yet_seen": N_("A visit can be rated once it is over."),
    "kiosk_refused": N_("This is not possible at a kiosk. Please go to the reception desk."),
    "kiosk_refused:no_kiosk": N_("This is done at a kiosk only."),
    "kiosk_refused:early": N_("It is too early for this appointment."),
    "kiosk_refused:late": N_("It is too late to check in for this appointment by oneself. Please go to the reception desk."),
    "kiosk_refused:walk_in": N_("Numbers without appointment are given at the reception desk."),
    "queue_empty": N_("Nobody is waiting."),
    "fee_missing": N_("The doctor has no fee for this kind of visit. Set it among the doctor's fees first."),
    "too_early": N_("The appointment begins only at {start}."),
    "prescription_warned": N_("Read the warnings of this prescription and give a reason to go on."),
    "consultation_signed": N_("This consultation is signed. Write an addendum instead."),
    "not_a_doctor": N_("Only a doctor can sign. An administrator can register you as one."),
    "other_doctors_patient": N_("This is a patient of {doctor}. You may sign in that doctor's place, with a reason."),
    "nothing_to_sign": N_("Enter a complaint or a diagnosis before you sign."),
    "prescription_not_draft": N_("This prescription cannot be changed any more ({status})."),
    "prescription_not_dispensable": N_("This prescription cannot be dispensed ({status})."),
    "prescription_not_printable": N_("This prescription cannot be printed ({status})."),
    "over_dispensed": N_("Only {owed} are left to dispense, not {wanted}."),
}

REASONS = {
    "not_a_dose": N_("Please enter a dose such as 1, 1/2 or 5 ml."),
    "not_a_measure": N_("Please enter a number such as 37.5."),
    "not_a_time": N_("Please enter a time such as 18:30."),
    "longer_than_a_day": N_("An appointment ends within a day."),
    "in_the_past": N_("This lies in the past."),
    "one_of_visit_or_appointment": N_("Choose a visit or an appointment."),
    "not_in_list": N_("Choose one of the list."),
    "not_a_language": N_("Please enter codes of languages that the program speaks: {known}."),
    "not_above_diastolic": N_("The upper value must be above the lower one."),
    "two_places": N_("Choose one place."),
}
