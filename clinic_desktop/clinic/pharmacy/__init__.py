"""Pharmacy: dispensing prescriptions from batches, and returns."""
