"""What stands on identity cards: the card as it is printed, its fields under the hand, and versions of the design."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.card_design import STANDARD, Side, faults, read_layout, written_layout
from clinic_desktop.clinic.patients.events import CardTemplatesChanged
from clinic_desktop.clinic.patients.queries import CardTemplateRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cards.canvas import CardCanvas
from clinic_desktop.ui.screens.cards.design import Design
from clinic_desktop.ui.screens.cards.fields_list import FieldsList
from clinic_desktop.ui.screens.cards.properties import Properties
from clinic_desktop.ui.screens.cards.rendering import Faces, Rendering
from clinic_desktop.ui.screens.cards.save_design import SaveDesign
from clinic_desktop.ui.screens.cards.words import CUT, SAMPLES, element_text, fault_text, template_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Card, Choice, Label, Page, ask, keyed, row, scrolled

TRIAL_CARD = late("clinic_desktop.documents.compose:trial_card")
_MOST_TOLD = 3


class DesignScreen(Screen):
    """Templates at the top, the checklist, the card, and what can be set of it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.design = Design(STANDARD)
        self._may = desk.may(commands.save_card_template)
        self._rows: list[CardTemplateRow] = []
        self._row: CardTemplateRow | None = None
        self._wanted: UUID | None = None
        self.faces: Faces | None = None
        self.rendering = Rendering(self)
        self.template = Choice(_("Design"))
        self.side = Choice(_("Side"), [(_("Front"), Side.FRONT), (_("Back"), Side.BACK)])
        self.sample = Choice(_("Sample"), [(_(word), name) for name, word in SAMPLES.items()])
        self.fields = FieldsList(self.design, self)
        self.canvas = CardCanvas(self.design, self)
        self.properties = Properties(self.design, self)
        self.warnings = Label(tone="warn", wrap=True)
        self.undo, self.redo = Button("", icon_name="undo-2"), Button("", icon_name="redo-2")
        self.trial = Button(_("Print a test card"), icon_name="printer")
        self.use = BusyButton(_("Use for new cards"), icon_name="check", role=None)
        self.retire = BusyButton(_("Take out of use"), icon_name="archive", role=None)
        self.save = Button(_("Save as new version…"), icon_name="save", role="primary")
        self._lay_out()
        self._wire()
        begin_at(self, self.canvas)
        self.watch(CardTemplatesChanged)

    def _lay_out(self) -> None:
        for choice, width in ((self.template, 340), (self.sample, 170), (self.side, 100)):
            choice.setMinimumWidth(scaled(width))
        page = Page(self, _("Card design"), actions=[self.template])
        left, right = Card(), Card()
        left.body.addWidget(self.fields)
        scrolled(self.properties, right.body)
        left.setFixedWidth(scaled(228))
        right.setFixedWidth(scaled(236))
        middle = QVBoxLayout()
        middle.setSpacing(GAP_8)
        middle.addLayout(row(self.side, self.sample, self.undo, self.redo))
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.warnings)
        across = QHBoxLayout()
        across.setSpacing(GAP_16)
        across.addWidget(left)
        across.addLayout(middle, 1)
        across.addWidget(right)
        page.body.addLayout(across, 1)
        page.body.addLayout(row(self.trial, self.use, self.retire, self.save, stretch_at=3))

    def _wire(self) -> None:
        for button, name, keys, act in (
            (self.undo, _("Undo"), "Ctrl+Z", self.design.undo),
            (self.redo, _("Redo"), "Ctrl+Shift+Z", self.design.redo),
        ):
            button.setAccessibleName(name)
            keyed(button, keys)
            button.clicked.connect(lambda _checked=False, step=act: self._step(step))
        keyed(self.save, "Ctrl+S")
        keyed(self.trial, "Ctrl+P")
        self.save.clicked.connect(self._save)
        self.trial.clicked.connect(self._print_trial)
        self.use.clicked.connect(self._use)
        self.retire.clicked.connect(self._retire)
        self.template.activated.connect(lambda _place: self._choose_template())
        self.side.activated.connect(lambda _place: self._turn_over())
        self.sample.activated.connect(lambda _place: self._render())
        self.rendering.made.connect(self._rendered)
        for part in (self.fields, self.canvas, self.properties):
            part.changed.connect(self._changed)
        for part in (self.fields, self.canvas):
            part.chosen.connect(self._show_chosen)

    # What the shell does with it

    def refresh(self) -> None:
        """Read the versions again; what is under the hand stays."""
        self.work.read(self, queries.card_templates, latest="rows", then=self._show)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._changed()

    def draft(self) -> dict[str, Any] | None:
        """The design that is not saved, and from which one it came."""
        if not self.design.is_changed:
            return None
        of = None if self._row is None or self._row.id is None else str(self._row.id)
        return {"layout": written_layout(self.design.layout), "saved": written_layout(self.design.saved), "of": of}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        layout, saved = read_layout(draft["layout"]), read_layout(draft["saved"])
        self._wanted = UUID(draft["of"]) if draft["of"] else None
        self.design.take(saved)
        self.design.change(layout)

    # Versions

    def _show(self, rows: list[CardTemplateRow]) -> None:
        self._rows = rows
        wanted = next((one for one in rows if self._wanted is not None and one.id == self._wanted), None)
        kept = next((one for one in rows if self._row is not None and (one.id, one.name) == (self._row.id, self._row.name)), None)
        chosen = wanted or kept or next(one for one in rows if one.is_default)
        self._wanted = None
        self.template.set_options([(template_text(one), (one.id, one.name)) for one in rows])
        self._take(chosen)

    def _take(self, chosen: CardTemplateRow) -> None:
        self._row = chosen
        self.template.set_value((chosen.id, chosen.name))
        if not self.design.is_changed:
            self.design.take(chosen.layout)
        self._changed()

    def _choose_template(self) -> None:
        chosen = next(one for one in self._rows if (one.id, one.name) == self.template.value())

        def take() -> None:
            self.design.take(chosen.layout)
            self._take(chosen)

        if self.design.is_changed and self._row is not None:
            self.template.set_value((self._row.id, self._row.name))
            text = _("What you changed is not saved and would be lost.")
            ask(self, _("Open another design?"), text, yes=_("Open it"), no=_("Go on here"), role="danger", then=take)
        else:
            take()

    # What is under the hand

    def _step(self, act: Any) -> None:
        act()
        self._changed()

    def _turn_over(self) -> None:
        self.design.show_side(self.side.value())
        self._changed()

    def _changed(self) -> None:
        """Show the design as it is now, and print it anew."""
        self.fields.show_design(may_change=self._may)
        self._show_chosen()
        self._offer()
        self._render()

    def _show_chosen(self) -> None:
        self.fields.mark()
        self.fields.remove.setEnabled(self._may and self.design.chosen is not None)
        self.properties.show_design(may_change=self._may)
        self.canvas.tell_chosen()

    def _offer(self) -> None:
        is_own = self._row is not None and self._row.id is not None
        is_default = self._row is not None and self._row.is_default
        is_standard = self._row is not None and self._row.name == queries.STANDARD_CODE
        self.undo.setEnabled(self.design.can_undo)
        self.redo.setEnabled(self.design.can_redo)
        self.use.setVisible(self._may and not self.design.is_changed and not is_default and (is_own or is_standard))
        self.retire.setVisible(self._may and is_own and self._row is not None and self._row.is_active and not self.design.is_changed)
        self.save.setEnabled(self._may)

    def _render(self) -> None:
        if self.isVisible():
            self.rendering.ask(self.design.layout, self.sample.value())

    def _rendered(self, made: Faces) -> None:
        self.faces = made
        self.canvas.is_mirrored = made.is_mirrored
        self.canvas.show_picture(made.pictures[self.design.side])
        self._warn(made)

    def _warn(self, made: Faces) -> None:
        side, elements = self.design.side, made.layout.side(self.design.side)
        found = [one for one in faults(made.layout) if one.side is side]
        cut = [place for at, place in sorted(made.cut) if at is side]
        names = {place: element_text(one) for place, one in enumerate(elements)}
        told = [_(CUT).format(field=names[place]) for place in cut]
        told += [fault_text(one.kind, names.get(one.place, ""), names.get(-1 if one.other is None else one.other, "")) for one in found]
        self.canvas.faulty = {place for one in found for place in (one.place, one.other) if place is not None} | set(cut)
        self.warnings.setText("\n".join(told[:_MOST_TOLD]))
        self.warnings.setVisible(bool(told))

    # What the buttons do

    def _save(self) -> None:
        own = self._row.name if self._row is not None and not self._row.is_shipped else ""
        dialog = SaveDesign(self, self.design.layout, own, is_default=True)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, template_id: UUID) -> None:
        self.design.take(self.design.layout)
        self._wanted = template_id
        self.desk.toast(_("Saved."), tone=Tone.GOOD)
        self.refresh()

    def _use(self) -> None:
        if self._row is not None:
            self.use.run(self.work, self, commands.use_card_template, then=lambda _nothing: self.refresh(), template_id=self._row.id)

    def _retire(self) -> None:
        if self._row is not None and self._row.id is not None:
            self.retire.run(self.work, self, commands.retire_card_template, then=lambda _nothing: self.refresh(), template_id=self._row.id)

    def _print_trial(self) -> None:
        clinic_id, name = self.desk.clinic_id, self.sample.value()
        show_document(self, _("Test card"), TRIAL_CARD, clinic_id=clinic_id, layout=self.design.layout, name=name)
