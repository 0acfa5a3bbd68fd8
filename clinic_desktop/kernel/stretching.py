"""How much work one try at a password costs: Argon2id, the same for accounts and for the slots of a key file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretching:
    """The parameters of Argon2id: passes over that many KiB of memory, in that many lanes."""

    passes: int
    memory_kib: int
    lanes: int


STANDARD = Stretching(passes=3, memory_kib=65_536, lanes=4)
"""A tenth of a second on a clinic's PC (the second recommended choice of RFC 9106)."""

_chosen = STANDARD


def chosen() -> Stretching:
    """What is used for what is hashed from now on; what is hashed already says itself how."""
    return _chosen


def choose(stretching: Stretching) -> None:
    """Use other parameters in this process. Only tests that are not about strength do; the program never calls this."""
    global _chosen
    _chosen = stretching
