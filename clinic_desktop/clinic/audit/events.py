"""Events of audit: none. Nobody waits for somebody else's reading."""

from __future__ import annotations
