"""How sync stands, in the few words of the status line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic_desktop import wording
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.sync.errors import Refused
from clinic_desktop.ui.syncing import SyncState

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_OFFLINE, _LOCKED, _REFUSED = "central_offline", "vault_locked", "sync_refused"


@dataclass(frozen=True, slots=True)
class Headline:
    """A word with its picture, and whether it needs attention."""

    text: str
    icon: str
    needs_attention: bool = False


def headline(state: SyncState) -> Headline:
    """How it stands with the central server."""
    phase = state.phase
    if phase is None:
        if state.trouble is None:
            return Headline(_("Standalone"), "cloud-off")
        if state.trouble.code == _LOCKED:
            return Headline(_("Waits for a login"), "lock")
        return Headline(_("Sync stands still"), "triangle-alert", needs_attention=True)
    if phase.is_elsewhere:
        return Headline(_("Runs on another computer"), "monitor")
    if phase.is_working and (phase.pushed or phase.pulled):  # a look that finds nothing is not worth a word
        return Headline(_("Syncing…"), "refresh-cw")
    if phase.clock_ahead or (phase.error is not None and phase.error.code == _REFUSED):
        return Headline(_("Sync stands still"), "triangle-alert", needs_attention=True)
    if phase.error is not None:
        return Headline(_("Offline"), "cloud-off") if phase.error.code == _OFFLINE else Headline(_("Waits"), "clock")
    return Headline(_("Online"), "cloud") if phase.is_online else Headline(_("Connecting…"), "cloud")


def trouble(state: SyncState) -> str:
    """Why it stands still and what to do; nothing where all is well."""
    phase = state.phase
    if phase is not None and phase.clock_ahead and phase.error is None:
        return wording.sentence(Refused("clock_ahead"))
    error = state.trouble if phase is None else phase.error
    return "" if error is None else wording.sentence(error)


def ago(then: datetime | None, now: datetime, zone: str) -> str:
    """How long ago something was: in minutes and hours, then as a date."""
    if then is None:
        return _("never")
    passed = now - then
    if passed < _MINUTE:
        return _("just now")
    if passed < _HOUR:
        minutes = passed // _MINUTE
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    if passed < _DAY:
        hours = passed // _HOUR
        return ngettext("{n} hour ago", "{n} hours ago", hours).format(n=hours)
    return datetime_text(then, timezone=zone)
