"""Words of reconciling and its refusals (pure)."""

from __future__ import annotations

from enum import StrEnum

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.states import StateMachine


class ConflictStatus(StrEnum):
    """Whether a person has looked."""

    OPEN = "OPEN"
    DECIDED = "DECIDED"


class Decision(StrEnum):
    """What a person made of it."""

    KEPT = "KEPT"
    OTHER = "OTHER"
    DONE = "DONE"


CONFLICT_STATES: StateMachine[ConflictStatus] = StateMachine("sync_conflict", {ConflictStatus.OPEN: {ConflictStatus.DECIDED}})


class NothingToChoose(ClinicError):
    """There are no two values to choose from: what is to be done is done elsewhere, and noted here."""

    code = "nothing_to_choose"


class ValueMovedOn(ClinicError):
    """What stands is neither of the two any more: somebody changed it since. Param ``value``."""

    code = "value_moved_on"


class CannotTake(ClinicError):
    """The other value does not fit the record as it is now: param ``reason``."""

    code = "cannot_take"


class OtherSite(ClinicError):
    """This database is another site already, and its numbers carry that site's code: params ``current`` and ``wanted``."""

    code = "other_site"
