"""Doctors and what they offer: specialties, fees, schedules, leave and the services of the clinic."""
