"""Refusals of the simulated day and the demo clinic."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "simulation_needs:clinic": N_("A day cannot be simulated yet: there is no clinic."),
    "simulation_needs": N_("A day cannot be simulated yet: the clinic has no {what}."),
    "demo_needs_empty": N_("This database already holds {hospital}. A demo needs an empty one."),
}
