"""The audit trail: who did what, when, where, and what each field held before and after."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ActionSpec, ScreenSpec

SCREEN = ScreenSpec(
    code="audit",
    title=N_("Audit trail"),
    icon="scroll-text",
    permissions=("audit.read",),
    order=810,
    factory="clinic_desktop.ui.screens.audit.screen:AuditScreen",
    home_of=("auditor",),
    area="administration",
    group=N_("Safety"),
)
ACTION = ActionSpec(
    code="audit",
    title=N_("History"),
    icon="history",
    permissions=("audit.read",),
    order=80,
    run="clinic_desktop.ui.screens.audit.from_file:open_history",
    keys="Ctrl+H",
)
