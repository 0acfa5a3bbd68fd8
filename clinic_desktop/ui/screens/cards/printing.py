"""Showing cards for printing: one patient's, or a batch; what was printed is on the record of each."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import CardRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import Recorded, show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets import BusyButton

ID_CARD, ID_CARDS = late("clinic_desktop.documents.compose:id_card"), late("clinic_desktop.documents.compose:id_cards")


def print_card(screen: Screen, button: BusyButton, patient_id: UUID) -> None:
    """Show a patient's card for printing; one is issued first when the patient has none."""
    button.run(
        screen.work,
        screen,
        commands.issue_id_card,
        then=lambda card: show_card(screen, card),
        clinic_id=screen.desk.clinic_id,
        patient_id=patient_id,
        only_first=True,
    )


def print_first_card(screen: Screen, patient_id: UUID) -> None:
    """The same for somebody who was registered a moment ago, by a button that is still busy."""
    screen.work.do(
        screen,
        commands.issue_id_card,
        then=lambda card: show_card(screen, card),
        key=new_id(),
        clinic_id=screen.desk.clinic_id,
        patient_id=patient_id,
        only_first=True,
    )


def show_card(screen: Screen, card: CardRow) -> None:
    """Show a card that is in use."""
    show_document(screen, _("ID card"), ID_CARD, record=lambda _document: _recorded([card.id]), patient_id=card.patient_id)


def show_cards(screen: Screen, cards: Sequence[tuple[UUID, UUID]], paper: str) -> None:
    """Show the cards (patient, card) of a batch."""
    show_document(
        screen,
        _("ID cards"),
        ID_CARDS,
        record=lambda _document: _recorded([card_id for _patient, card_id in cards]),
        patient_ids=[patient_id for patient_id, _card in cards],
        paper=paper,
    )


def _recorded(card_ids: list[UUID]) -> Recorded:
    return Recorded(commands.record_cards_printed, {"key": new_id(), "card_ids": card_ids})
