"""How consents are worded."""

from __future__ import annotations

from clinic_desktop import wording
from clinic_desktop.clinic.patients.queries import ConsentRow, Standing, TemplateRow
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.patients.signing import ConsentState, SignedAs
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.preferences import LANGUAGE_NAMES
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import beside

TONES = {
    ConsentState.IN_FORCE: Tone.GOOD,
    ConsentState.MISSING: Tone.WARN,
    ConsentState.WITHDRAWN: Tone.BAD,
    ConsentState.UNSIGNED: Tone.NEUTRAL,
}


def language_name(code: str) -> str:
    """A language as those who speak it call it."""
    return LANGUAGE_NAMES.get(code, code)


def version_text(row: TemplateRow) -> str:
    """A version as people say it: 2, हिन्दी."""
    return beside(_("Version {version}").format(version=row.version), language_name(row.language))


def state_text(one: Standing) -> str:
    """What stands with a kind of consent; one that was withdrawn and is needed is missing, and says why."""
    if one.state is ConsentState.IN_FORCE and one.is_older:
        return _("In force, older text")
    return wording.status(one.state)


def signed_by(row: ConsentRow, patient: str) -> str:
    """Who signed, and how."""
    who = row.guardian if row.signed_as is SignedAs.GUARDIAN and row.guardian else patient
    return beside(who, _("witness {name}").format(name=row.witness) if row.witness else None)


def kinds() -> list[tuple[str, ConsentType]]:
    """Kinds to choose from."""
    return [(wording.status(one), one) for one in ConsentType]
