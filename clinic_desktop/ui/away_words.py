"""What a person is told while the clinic's server is away, and when it is back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimeZone

from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.formats import datetime_text, isolated, number_text, time_text
from clinic_desktop.kernel.i18n import _, ngettext


def at(then: datetime | None, zone: str | None = None, *, now: datetime | None = None) -> str:
    """A time of today by the clock, any other with its date; without a zone as this computer's clock shows it."""
    if then is None:
        return _("never")
    place = zone or bytes(QTimeZone.systemTimeZoneId().data()).decode()
    days = {one.astimezone(ZoneInfo(place)).date() for one in (then, now or system_clock())}
    return time_text(then, timezone=place) if len(days) == 1 else datetime_text(then, timezone=place)


def lost(until: str) -> str:
    """The server is gone, and there is a copy."""
    return _("The clinic\u2019s server does not answer. This computer has a copy, complete until {time}.").format(time=isolated(until))


def away(since: str) -> str:
    """At work on the copy."""
    return _("Working on this computer\u2019s copy since {time} \u2013 the clinic\u2019s server is not reached").format(
        time=isolated(since)
    )


def refused(since: str) -> str:
    """The server answers, and does not take what was done."""
    said = _("Working on this computer\u2019s copy since {time} \u2013 the clinic\u2019s server does not take its work back")
    return said.format(time=isolated(since))


def back(unsent: int) -> str:
    """The server answers again."""
    if not unsent:
        return _("The clinic\u2019s server is back. It has everything that was done here.")
    said = ngettext(
        "The clinic\u2019s server is back. {n} piece of work to hand over.",
        "The clinic\u2019s server is back. {n} pieces of work to hand over.",
        unsent,
    )
    return said.format(n=number_text(unsent))


def handed_over(sent: int) -> str:
    """Back on the server."""
    if not sent:
        return _("Back on the clinic\u2019s server. It has everything that was done on this computer\u2019s copy.")
    said = ngettext(
        "Back on the clinic\u2019s server. {n} piece of work was handed over.",
        "Back on the clinic\u2019s server. {n} pieces of work were handed over.",
        sent,
    )
    return said.format(n=number_text(sent))


def waiting(count: int) -> str:
    """Something is left to a person."""
    said = ngettext(
        "Back on the clinic\u2019s server. {n} thing waits for a person\u2019s decision.",
        "Back on the clinic\u2019s server. {n} things wait for a person\u2019s decision.",
        count,
    )
    return said.format(n=number_text(count))


def question(until: str, code: str) -> str:
    """What is possible on the copy and what is not."""
    return "\n\n".join(
        (
            _("The copy is complete until {time}. What was done in the clinic after that is not in it.").format(time=isolated(until)),
            _(
                "Possible: register patients, book, run the queue, consult, prescribe, dispense, take payments. "
                "Numbers given meanwhile carry {code}, so that none is given twice."
            ).format(code=isolated(code)),
            _(
                "Not possible until the server is back: change prices, people and roles, settings, working hours; take in or count stock; "
                "settle the day or with doctors."
            ),
            _("Messages to patients are not sent from here. The server sends them, also about what is booked here, once it is back."),
            _(
                "What other computers do meanwhile is not seen here: two may give away the same appointment or the last of a medicine. "
                "Everything is handed over when the server is back, and what does not fit together is put before a person."
            ),
        )
    )
