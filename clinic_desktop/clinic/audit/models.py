"""Tables of audit: none of its own. It reads the journal (``kernel.journal``)."""

from __future__ import annotations
