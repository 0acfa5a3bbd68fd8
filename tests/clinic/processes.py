"""Processes of a test's own, forked from one that has the program in memory: none pays for its start-up."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

from clinic_desktop.clinic.departments import load_departments

load_departments()


def ready_processes() -> ForkServerContext:
    """Where such processes come from; they share nothing with the test but what it hands over."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context
