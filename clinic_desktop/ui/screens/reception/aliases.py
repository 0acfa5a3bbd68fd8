"""Which other records are of this patient, too: they were merged into this one, and lead here."""

from __future__ import annotations

from collections.abc import Sequence

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.formats import listed
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.widgets import ElidedLabel, directed


class Aliases(ElidedLabel):
    """A line that is there only where something was merged."""

    def __init__(self) -> None:
        super().__init__(tone="muted")
        self.show_records(())

    def show_records(self, merged: Sequence[PatientRow]) -> None:
        """Name the records that lead here."""
        named = listed(f"{one.full_name} ({one.patient_number})" for one in merged)
        self.setText(directed(_("Merged into this record: {records}").format(records=named)) if merged else "")
        self.setVisible(bool(merged))
