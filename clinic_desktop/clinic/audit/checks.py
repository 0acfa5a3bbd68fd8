"""Checks of audit: none of its own. The kernel's walk the journal (``kernel_checks``)."""

from __future__ import annotations
