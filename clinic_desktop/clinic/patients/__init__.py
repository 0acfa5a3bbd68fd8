"""Patients: register, find, card, documents, and the import of an old register."""
