"""What the strip over the window shows while the clinic's server is away, and when it is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui import away_words
from clinic_desktop.ui.keeping import CopyState
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets.strip import Strip

if TYPE_CHECKING:
    from clinic_desktop.sync.runner import Phase

KEYS = "Ctrl+Shift+G"
_REFUSED = "sync_refused"


class Shown(Enum):
    """One thing at a time."""

    NOTHING = auto()
    LOST = auto()
    """The server is gone, and there is a copy."""
    AWAY = auto()
    """At work on the copy."""
    REFUSED = auto()
    """The server is there and does not take what was done."""
    BACK = auto()
    WAITING = auto()
    """Handed over; something is left to a person."""


def shown(state: CopyState, phase: Phase | None, *, is_lost: bool, waiting: int) -> Shown:
    """What is most worth saying."""
    if state.at_work is not None:
        if state.at_work.detached_at is None:  # nobody has come in yet
            return Shown.NOTHING
        if phase is not None and phase.error is not None and phase.error.code == _REFUSED:
            return Shown.REFUSED
        return Shown.BACK if phase is not None and phase.is_online and phase.error is None else Shown.AWAY
    if is_lost and state.is_whole:
        return Shown.LOST
    return Shown.WAITING if waiting else Shown.NOTHING


def tell_on(
    strip: Strip,
    what: Shown,
    at: Callable[[datetime | None], str],
    state: CopyState,
    phase: Phase | None,
    handing: tuple[int, int] | None,
    waiting: int,
) -> None:
    """Say it."""
    since = None if state.at_work is None else state.at_work.detached_at
    if handing is not None:
        strip.say(_("Handing over to the clinic\u2019s server\u2026 Work goes on here."), "upload", Tone.INFO, part=handing)
    elif what is Shown.AWAY:
        strip.say(away_words.away(at(since)), "wifi-off", Tone.WARN)
    elif what is Shown.REFUSED:
        strip.say(away_words.refused(at(since)), "triangle-alert", Tone.WARN, way_on=_("Show why\u2026"), keys=KEYS)
    elif what is Shown.BACK:
        said = away_words.back(0 if phase is None else phase.unsent)
        strip.say(said, "wifi", Tone.GOOD, way_on=_("Hand over and go back"), keys=KEYS)
    elif what is Shown.LOST:
        said, way_on = away_words.lost(at(state.until)), _("Go on with this computer\u2019s copy\u2026")
        strip.say(said, "wifi-off", Tone.WARN, way_on=way_on, keys=KEYS)
    elif what is Shown.WAITING:
        strip.say(away_words.waiting(waiting), "triangle-alert", Tone.WARN, way_on=_("Reconcile"), keys=KEYS)
    else:
        strip.leave()
