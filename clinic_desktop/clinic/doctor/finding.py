"""What an examination finds: a topic, how bad it is, and a code that ``wording.doctor`` puts into words and advice."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Health(StrEnum):
    """How bad a finding is: BAD needs somebody today, WARN this week."""

    GOOD = "GOOD"
    WARN = "WARN"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    topic: str
    health: Health
    code: str
    params: dict[str, Any] = field(default_factory=dict)


def good(topic: str, code: str, /, **params: Any) -> Finding:
    """Looked at, and as it should be."""
    return Finding(topic, Health.GOOD, code, params)


def warn(topic: str, code: str, /, **params: Any) -> Finding:
    """Works today; somebody should see to it."""
    return Finding(topic, Health.WARN, code, params)


def bad(topic: str, code: str, /, **params: Any) -> Finding:
    """Work or data are in danger now."""
    return Finding(topic, Health.BAD, code, params)
