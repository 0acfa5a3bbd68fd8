"""How a design is printed, as pictures: by the very code that prints cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from clinic_desktop.clinic.patients.card_design import CardLayout, Side
from clinic_desktop.kernel.i18n import Language, active
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import page_images, with_stored_pictures
from clinic_desktop.ui.screen import Screen

DESIGN_FACES = late("clinic_desktop.documents.compose:design_faces")
_DPI = 220


@dataclass(frozen=True, slots=True)
class Faces:
    """Pictures of both sides, and the fields whose text was too long for them."""

    layout: CardLayout
    pictures: dict[Side, QImage]
    cut: frozenset[tuple[Side, int]]

    @property
    def is_mirrored(self) -> bool:
        """Whether the card is read from the right."""
        spoken = self.layout.languages[0] if self.layout.languages else active().code
        return Language(spoken).is_right_to_left


def faces(*, db: Any, clinic_id: UUID, language: Language, now: datetime, layout: CardLayout, name: str) -> Faces:
    """Both sides of a design with a sample on it."""
    with db.read() as session:
        with_stored_pictures(session, db)
        pdf, cut = DESIGN_FACES(session, language=language, now=now, clinic_id=clinic_id, layout=layout, name=name)
    return Faces(layout, dict(zip(Side, page_images(pdf, _DPI), strict=True)), cut)


class Rendering(QObject):
    """Prints a design into pictures, one at a time: what changed meanwhile is printed once more. ``made(Faces)``."""

    made = Signal(object)

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._wanted: tuple[CardLayout, str] | None = None
        self._is_busy = False

    def ask(self, layout: CardLayout, name: str) -> None:
        """Print this design with the sample of that name."""
        self._wanted = layout, name
        self._next()

    def _next(self) -> None:
        if self._is_busy or self._wanted is None:
            return
        (layout, name), self._wanted, self._is_busy = self._wanted, None, True
        work, desk = self._screen.work, self._screen.desk
        work.background(
            self,
            faces,
            then=self.made.emit,
            settled=self._settled,
            db=work.db,
            clinic_id=desk.clinic_id,
            language=active(),
            now=desk.now(),
            layout=layout,
            name=name,
        )

    def _settled(self) -> None:
        self._is_busy = False
        self._next()
