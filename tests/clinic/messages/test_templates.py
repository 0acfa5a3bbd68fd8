"""The words that patients get: places and nothing else in braces, versions, lengths as telephone networks count them; quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clinic_desktop.clinic.messages import commands
from clinic_desktop.clinic.messages.addressing import wording_in_force
from clinic_desktop.clinic.messages.queries import templates
from clinic_desktop.clinic.messages.rules import SENT_BY_PROGRAM, Channel
from clinic_desktop.clinic.messages.rules.lengths import sms_length
from clinic_desktop.clinic.messages.rules.notices import (
    IN_ORDER,
    LANGUAGES,
    PLACES,
    Notice,
    Wording,
    checked_wording,
    filled,
    shipped,
)
from clinic_desktop.clinic.messages.rules.timing import Quiet, news_time, reminder_time
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied, StaleRecord
from tests.clinic.world import World

NIGHT = (time(21), time(8))
GOOD = "{patient_name}: {date} {time}"


@pytest.mark.parametrize("event", Notice)
def test_every_shipped_text_is_one_that_an_editor_could_save_in_its_own_language(event: Notice) -> None:
    said = dict.fromkeys(PLACES[event], "x")
    for channel, language in product(SENT_BY_PROGRAM, LANGUAGES):
        text = shipped(event, channel, language)
        assert checked_wording(event, channel, text.subject, text.body, is_active=True) == text
        assert not set("{}") & set(filled(text, said, channel).body + filled(text, said, channel).subject)
        if language != "en":
            assert text.body != shipped(event, channel, "en").body


@pytest.mark.parametrize(
    ("body", "reason", "told"),
    [
        ("{patient_name.__class__} {patient_name}", "stray_brace", "{patient_name.__class__}"),
        ("{0} {patient_name}", "stray_brace", "{0}"),
        ("{{patient_name}} {patient_name}", "stray_brace", "{{patient_name}}"),
        ("{patient_name!r} {patient_name}", "stray_brace", "{patient_name!r}"),
        ("{patient_name} {", "stray_brace", "{"),
        ("{patient_name} }", "stray_brace", "ent_name} }"),
        ("{patient_name} {diagnosis}", "unknown_notice_place", "{diagnosis}"),
        ("{patient_name} {minutes}", "unknown_notice_place", "{minutes}"),
        ("{date}", "missing_notice_place", "{patient_name}"),
        ("   ", "required", ""),
    ],
)
def test_what_is_no_place_is_refused_with_its_name(body: str, reason: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_wording(Notice.BOOKED, Channel.SMS, None, body, is_active=True)
    assert refused.value.reason == reason
    assert told in str(refused.value.params)


def test_what_is_put_in_is_never_read_again() -> None:
    said = dict.fromkeys(PLACES[Notice.BOOKED], "x") | {"patient_name": "{clinic_name} {0} {{\nEve"}
    assert filled(Wording("", GOOD), said, Channel.SMS).body == "{clinic_name} {0} {{ Eve: x x"


@pytest.mark.parametrize(
    ("text", "units", "parts", "is_unicode"),
    [
        ("", 0, 0, False),
        ("a" * 160, 160, 1, False),
        ("a" * 161, 161, 2, False),
        ("a" * 306, 306, 2, False),
        ("a" * 307, 307, 3, False),
        ("é" + "€" * 3, 7, 1, False),
        ("€" * 80, 160, 1, False),
        ("€" * 153, 306, 3, False),  # 76 in a part: an escape is never parted from its character
        ("م" * 70, 70, 1, True),
        ("म" * 71, 71, 2, True),
        ("😀" * 35, 70, 1, True),
        ("😀" * 67, 134, 3, True),  # 33 in a part: never half a character
    ],
)
def test_lengths_are_those_of_the_networks(text: str, units: int, parts: int, is_unicode: bool) -> None:
    found = sms_length(text)
    assert (found.units, found.parts, found.is_unicode) == (units, parts, is_unicode)


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


BERLIN = "Europe/Berlin"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-03-04 10:00", 24, "2026-03-03 10:00"),
        ("2026-03-04 09:30", 2, "2026-03-04 08:00"),  # 07:30 is at night: the morning is early enough
        ("2026-03-04 09:00", 2, "2026-03-04 08:00"),
        ("2026-03-04 08:45", 2, "2026-03-03 20:45"),  # three quarters of an hour before is too late: the evening before
        ("2026-03-04 02:00", 2, "2026-03-03 20:45"),
        # The clock goes forward at 02:00 of the 29th and back at 03:00 of October 25th: the quiet is by the wall clock.
        ("2026-03-29 10:00", 24, "2026-03-28 09:00"),
        ("2026-03-29 09:30", 2, "2026-03-29 08:00"),
        ("2026-10-25 10:00", 24, "2026-10-24 11:00"),
        ("2026-10-25 08:45", 2, "2026-10-24 20:45"),
    ],
)
def test_reminders_keep_out_of_the_night_by_the_clinics_clock(start: str, hours: int, expected: str) -> None:
    quiet = Quiet(*NIGHT, BERLIN)
    assert reminder_time(at(start, BERLIN), timedelta(hours=hours), quiet) == at(expected, BERLIN)


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
    st.integers(1, 168),
    st.times(),
    st.times(),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/New_York", "Pacific/Apia"]),
)
def test_nothing_leaves_in_the_quiet(start: datetime, lead: int, begins: time, ends: time, zone: str) -> None:
    quiet = Quiet(begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0), zone)
    instant = start
    assert quiet.span(quiet.next_allowed(instant)) is None
    at_news = news_time(instant + timedelta(hours=lead), instant, quiet)
    assert at_news is None or quiet.span(at_news) is None
    reminder = reminder_time(instant, timedelta(hours=lead), quiet)
    assert reminder < instant
    # Where the day between two quiets is as short as a quarter of an hour there is no good time at all.
    if quiet.span(reminder) is not None:
        span = quiet.span(instant - timedelta(hours=lead))
        assert span is not None
        assert quiet.span(span[0] - timedelta(minutes=15)) is not None


@given(st.integers(0, 7 * 24 * 60), st.times(), st.times(), st.sampled_from(["Asia/Kolkata", "Pacific/Apia", "Pacific/Honolulu"]))
@example(22 * 60, time(10), time(12), "Pacific/Apia")  # there it is the next day already
def test_the_quiet_is_what_the_clock_on_the_wall_says(minutes: int, begins: time, ends: time, zone: str) -> None:
    begins, ends = begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    instant = BEGIN + timedelta(minutes=minutes)
    shown = instant.astimezone(ZoneInfo(zone)).time()
    is_quiet = begins <= shown < ends if begins <= ends else shown >= begins or shown < ends
    assert (Quiet(begins, ends, zone).span(instant) is not None) == is_quiet


def test_each_saved_text_is_a_version_and_the_newest_counts(world: World) -> None:
    admin, email = world.actor("admin"), {"event": Notice.BOOKED, "channel": Channel.EMAIL, "language": "en", "is_active": True}
    first = world.db.run(admin, commands.save_template, **email, subject="One", body=GOOD, version=0)
    second = world.db.run(admin, commands.save_template, **email, subject="Two", body=GOOD, version=first)
    with pytest.raises(StaleRecord):
        world.db.run(admin, commands.save_template, **email, subject="Late", body=GOOD, version=first)
    with pytest.raises(InvalidInput) as refused:
        world.db.run(admin, commands.save_template, **email, subject=" ", body=GOOD, version=second)
    assert refused.value.field == "subject"
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("receptionist"), commands.save_template, **email, subject="No", body=GOOD, version=second)
    with world.db.read() as session:
        rows = {row.key: row for row in templates(session)}
        assert wording_in_force(session, Notice.BOOKED, Channel.EMAIL, "en") == Wording("Two", GOOD)
    assert len(rows) == len(IN_ORDER) * 2 * 3
    own = [row for row in rows.values() if row.is_own]
    assert [(row.event, row.channel, row.language, row.version) for row in own] == [(Notice.BOOKED, Channel.EMAIL, "en", 2)]
