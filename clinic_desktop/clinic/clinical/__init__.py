"""Clinical: vitals, consultations, diagnoses and prescriptions."""
