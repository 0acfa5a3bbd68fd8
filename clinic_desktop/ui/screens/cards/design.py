"""A design under the hand: what is changed, what is chosen, and the way back (no Qt)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from clinic_desktop.clinic.patients.card_design import CardLayout, Element, Item, Shape, Side
from clinic_desktop.clinic.patients.card_design.rules import LARGEST_TEXT, MOST_ELEMENTS, SMALLEST_BOX, SMALLEST_TEXT

_MOST_STEPS = 200
_NEW = Element(Item.TEXT, 10, 10, 30, 5, 8)
USUAL_SIZE = {Item.BAND: (30, 6), Item.PHOTO: (18.5, 23), Item.LOGO: (13, 13), Item.QR: (20.5, 20.5), Item.BARCODE: (50, 11.8)}


class Design:
    """A layout with its former states; ``place`` is the chosen element of ``side``, if any."""

    def __init__(self, layout: CardLayout) -> None:
        self.saved = self.layout = layout
        self.side = Side.FRONT
        self.place: int | None = None
        self._before: list[CardLayout] = []
        self._after: list[CardLayout] = []

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost."""
        return self.layout != self.saved

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._after)

    @property
    def elements(self) -> tuple[Element, ...]:
        """The elements of the side that is shown."""
        return self.layout.side(self.side)

    @property
    def chosen(self) -> Element | None:
        """The chosen element."""
        return self.elements[self.place] if self.place is not None and self.place < len(self.elements) else None

    def take(self, layout: CardLayout) -> None:
        """Start from another layout."""
        self.saved = self.layout = layout
        self.place = None
        self._before.clear()
        self._after.clear()

    def change(self, layout: CardLayout) -> None:
        """One step, which can be taken back."""
        if layout != self.layout:
            self._before = [*self._before[1 - _MOST_STEPS :], self.layout]
            self._after.clear()
            self.layout = layout

    def undo(self) -> None:
        """Take the last step back."""
        if self._before:
            self._after.append(self.layout)
            self.layout = self._before.pop()
            self._keep_place()

    def redo(self) -> None:
        """Take it again."""
        if self._after:
            self._before.append(self.layout)
            self.layout = self._after.pop()
            self._keep_place()

    def choose(self, place: int | None) -> None:
        """Choose an element of this side."""
        self.place = place if place is not None and place < len(self.elements) else None

    def show_side(self, side: Side) -> None:
        """Turn the card over."""
        if side is not self.side:
            self.side, self.place = side, None

    # Steps

    def set(self, **values: Any) -> None:
        """Change the chosen element; what would leave the card stays at its edge."""
        if self.chosen is not None and self.place is not None:
            self._put(self.place, self._within(replace(self.chosen, **values)))

    def move(self, right: float, down: float) -> None:
        """Move the chosen element, in mm of the reading direction."""
        if self.chosen is not None:
            self.set(x=self.chosen.x + right, y=self.chosen.y + down)

    def stretch(self, wider: float, higher: float) -> None:
        """Make its box larger or smaller."""
        if self.chosen is not None:
            one = self.chosen
            width = min(max(one.width + wider, SMALLEST_BOX), self.layout.width - one.x)
            height = min(max(one.height + higher, SMALLEST_BOX), self.layout.height - one.y)
            self.set(width=width, height=height)

    def show(self, place: int, is_shown: bool) -> None:
        """Put a field onto the card, or take it off; it keeps its place."""
        self._put(place, replace(self.elements[place], is_shown=is_shown))

    def add(self, item: Item, text: str = "") -> None:
        """Put one more element onto this side, and choose it."""
        if len(self.elements) < MOST_ELEMENTS:
            width, height = USUAL_SIZE.get(item, (30, 5))
            self._put_all((*self.elements, self._within(replace(_NEW, item=item, width=width, height=height, text=text))))
            self.place = len(self.elements) - 1

    def remove(self) -> None:
        """Take the chosen element off for good."""
        if self.place is not None:
            self._put_all(tuple(one for place, one in enumerate(self.elements) if place != self.place))
            self.place = None

    def turn(self, shape: Shape, other: CardLayout) -> None:
        """Hold the card the other way: fields lie where ``other``, of that shape, has them, in the colours of this one."""
        if shape is not self.layout.shape:
            mine = self.layout
            self.change(replace(other, background=mine.background, accent=mine.accent, languages=mine.languages))
            self.place = None

    def missing(self) -> list[Item]:
        """Fields that this side has no element for."""
        there = {one.item for one in self.elements}
        return [item for item in Item if item not in there or item in (Item.TEXT, Item.BAND)]

    def _within(self, one: Element) -> Element:
        width, height = min(one.width, self.layout.width), min(one.height, self.layout.height)
        x = min(max(one.x, 0.0), self.layout.width - width)
        y = min(max(one.y, 0.0), self.layout.height - height)
        size = min(max(one.size, SMALLEST_TEXT), LARGEST_TEXT)
        return replace(one, x=round(x, 2), y=round(y, 2), width=round(width, 2), height=round(height, 2), size=size)

    def _put(self, place: int, one: Element) -> None:
        self._put_all(tuple(one if at == place else other for at, other in enumerate(self.elements)))

    def _put_all(self, elements: tuple[Element, ...]) -> None:
        if self.side is Side.FRONT:
            self.change(replace(self.layout, front=elements))
        else:
            self.change(replace(self.layout, back=elements))

    def _keep_place(self) -> None:
        self.choose(self.place)
