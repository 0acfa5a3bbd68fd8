"""Short ways to do at the desk what tests of patients need."""

from __future__ import annotations

from typing import Any

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.queries import PatientHit, PatientRow
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.ids import new_id
from tests.clinic.world import World

HOSTILE = (
    "Robert'); DROP TABLE patients;--",
    '=HYPERLINK("http://x","click")',
    "+cmd|' /C calc'!A0",
    "<b>bold</b><script>alert(1)</script>",
    "{0.__class__.__init__.__globals__}",
    "%s%n%d %(name)s ${HOME} $(id) `id`",
    "../../../etc/passwd",
    "quote \" quote ' back \\ slash",
    "100% _under_ *star* NEAR AND OR NOT",
    "\u202egnp.exe\u202c and \u2066isolated\u2069",
    "nul\x00bell\x07escape\x1b[31m",
    "Zoë e\u0301 \u00e9 ﬁ Straße İstanbul ß",
    "محمد عبد الله \u0640\u0640 ٠١٢٣",
    "लक्ष्मी क्षत्रिय ज़ोया",
    "張偉 田中さん 김철수",
    "👩‍👩‍👧‍👦 🏥 \U0001f3f3\ufe0f\u200d\U0001f308",
    "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307",
    "line one\r\nline two\n\ttab",
    "NULL",
    "NaN Infinity 1e309",
)


def register(world: World, first_name: str = "Asha", last_name: str | None = "Rao", **more: Any) -> PatientRow:
    """Register a woman of forty unless it is said otherwise."""
    values: dict[str, Any] = {"key": new_id(), "clinic_id": world.clinic_id, "gender": Gender.FEMALE, "age_years": 40}
    values |= {"first_name": first_name, "last_name": last_name, **more}
    if "date_of_birth" in more:
        values.pop("age_years")
    return world.db.run(world.actor("receptionist"), commands.register_patient, **values)


def found(world: World, text: str, limit: int = 20) -> list[str]:
    """The names that a search shows, in order."""
    return [hit.full_name for hit in hits(world, text, limit)]


def hits(world: World, text: str, limit: int = 20) -> list[PatientHit]:
    """What a search shows."""
    with world.db.read() as session:
        return queries.search(session, text, limit)
