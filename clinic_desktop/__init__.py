"""Clinic Desktop: an offline-first application that runs a whole clinic."""

__version__ = "0.1.0"
