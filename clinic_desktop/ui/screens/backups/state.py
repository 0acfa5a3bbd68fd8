"""What the head of the screen says: whether one may sleep well, and if not, why and what to do. No Qt here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic_desktop.clinic.backups.looking import FileState, FoundBackup, Looked, past_refusal
from clinic_desktop.kernel.formats import datetime_text, isolated, number_text, size_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.wording import sentence

WINDOW = timedelta(days=30)
"""Any second of it can be restored (``KeepRules.window_days``)."""
_IN_HOURS, _IN_DAYS = timedelta(hours=2), timedelta(days=3)
Line = tuple[str, Tone]


@dataclass(frozen=True, slots=True)
class Told:
    """A headline and the lines below it."""

    tone: Tone
    headline: str
    lines: tuple[Line, ...]
    may_run: bool = True


def told(looked: Looked, now: datetime, zone: str) -> Told:
    """The state of backups in words."""
    if looked.is_plain:
        said = _("It is a development database without encryption; only the command line backs it up: clinic backup.")
        return Told(Tone.WARN, _("This database is not backed up."), ((said, Tone.NEUTRAL),), may_run=False)
    if not looked.has_key:
        said = _("Log out, and log in with your password: it opens the key that encrypts backups.")
        return Told(Tone.WARN, _("The clinic's key is not at hand here."), ((said, Tone.NEUTRAL),), may_run=False)
    last = tuple((line, Tone.NEUTRAL) for line in _last(looked, zone))
    if looked.failing:
        why = tuple((sentence(past_refusal(one.error or "", one.folder)), Tone.BAD) for one in looked.failing)
        return Told(Tone.BAD, _("The last backup failed."), (*why, *last, *_dangers(looked, now, zone)))
    if looked.last_good is None:
        return Told(Tone.BAD, _("There is no backup yet."), ((_("Make one now; it takes a moment."), Tone.NEUTRAL),))
    if looked.state.is_overdue:
        return Told(Tone.BAD, _overdue(now - (looked.last_good.verified_at or now)), (*last, *_dangers(looked, now, zone)))
    return Told(Tone.GOOD, _("Your data is backed up."), (*last, *_dangers(looked, now, zone)))


def _last(looked: Looked, zone: str) -> Iterator[str]:
    last = looked.last_good
    if last is not None and last.verified_at is not None:
        said = _("The last verified backup is of {when}: {size}, in {folder}.")
        when = datetime_text(last.verified_at, timezone=zone)
        yield said.format(when=when, size=size_text(last.byte_count or 0), folder=isolated(last.folder))


def _overdue(age: timedelta) -> str:
    if age >= _IN_DAYS:
        return ngettext("No backup for {n} day.", "No backup for {n} days.", age.days).format(n=number_text(age.days))
    hours = int(age / timedelta(hours=1))
    return ngettext("No backup for {n} hour.", "No backup for {n} hours.", hours).format(n=number_text(hours))


def _dangers(looked: Looked, now: datetime, zone: str) -> Iterator[Line]:
    if looked.unsaved is not None:
        yield _unsaved(looked.unsaved_since, now, zone)
    there = [one for one in looked.folders if one.is_there]
    if there and all(one.is_same_disk for one in there):
        yield _("Backups and database are on the same disk: if it breaks, both are gone. Choose a folder on another one."), Tone.WARN
    failed = {one.folder for one in looked.failing}
    for one in looked.folders:
        if not one.is_there and str(one.path) not in failed and looked.last_good is not None:
            yield _("The folder {folder} is not there now.").format(folder=isolated(one.path)), Tone.WARN
    if looked.state.next_at is not None:
        yield _("The next one: {when}.").format(when=datetime_text(looked.state.next_at, timezone=zone)), Tone.NEUTRAL


def _unsaved(since: datetime | None, now: datetime, zone: str) -> Line:
    if since is None:
        return _("Every change since is saved there too: a lost disk would cost nothing."), Tone.NEUTRAL
    age = max(now - since, timedelta(minutes=1))
    hours, minutes = -(-age // timedelta(hours=1)), -(-age // timedelta(minutes=1))
    if age >= _IN_HOURS:
        said = ngettext(
            "Changes are saved until {when}: a lost disk would cost at most {n} hour of work.",
            "Changes are saved until {when}: a lost disk would cost at most {n} hours of work.",
            hours,
        )
        return said.format(when=datetime_text(since, timezone=zone), n=number_text(hours)), Tone.WARN
    said = ngettext(
        "Changes are saved until {when}: a lost disk would cost at most {n} minute of work.",
        "Changes are saved until {when}: a lost disk would cost at most {n} minutes of work.",
        minutes,
    )
    return said.format(when=datetime_text(since, timezone=zone), n=number_text(minutes)), Tone.NEUTRAL


STATE_TONES = {
    FileState.READY: Tone.GOOD,
    FileState.LOCKED: Tone.WARN,
    FileState.DAMAGED: Tone.BAD,
    FileState.MISSING: Tone.WARN,
    FileState.AWAY: Tone.NEUTRAL,
}


def state_text(state: FileState) -> str:
    """What a backup is good for, in a word or two."""
    return {
        FileState.READY: _("Verified"),
        FileState.LOCKED: _("Other key"),
        FileState.DAMAGED: _("Damaged"),
        FileState.MISSING: _("Gone"),
        FileState.AWAY: _("Not here now"),
    }[state]


def state_help(one: FoundBackup, zone: str) -> str:
    """The same in a sentence."""
    if one.problem is not None:
        return sentence(one.problem)
    if one.state is FileState.READY and one.verified_at is not None:
        return _("Opened, checked and counted on {when}.").format(when=datetime_text(one.verified_at, timezone=zone))
    return {
        FileState.READY: "",
        FileState.DAMAGED: "",
        FileState.LOCKED: _("It opens with a key that is not at hand here: another clinic's, perhaps."),
        FileState.MISSING: _("It was in its folder and is gone from there."),
        FileState.AWAY: _("Its folder is not there now: a disk that is not plugged in, or on another computer."),
    }[one.state]


def ready(backups: tuple[FoundBackup, ...]) -> list[FoundBackup]:
    """The backups that can be restored here, the newest first."""
    return [one for one in backups if one.state is FileState.READY and one.last_at is not None]


def before(backups: tuple[FoundBackup, ...], at: datetime) -> FoundBackup | None:
    """The backup from which the state of an instant is restored: the newest from before it."""
    usable = [(one.last_at, one.seq or 0, one) for one in ready(backups) if one.last_at is not None and one.last_at <= at]
    return max(usable, key=lambda found: found[:2])[2] if usable else None
