"""HTML as values: every text is escaped unless it was built here, and there is no other way to build one."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TypeAlias

from clinic_desktop.kernel.resources import resource_path

_VOID = frozenset({"input", "link", "meta", "br"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child: TypeAlias = "Markup | str | int | list[Markup] | None"


def el(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """An element. ``class_`` is the class, ``data_x`` is ``data-x``; False and None leave an attribute out."""
    opening = name
    for key, value in attributes.items():
        if value is not None and value is not False:
            spelt = key.rstrip("_").replace("_", "-")
            opening += f" {spelt}" if value is True else f' {spelt}="{escape(str(value))}"'
    return Markup(f"<{opening}>") if name in _VOID else Markup(f"<{opening}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Parts one after the other."""
    texts: list[str] = []
    for child in children:
        if isinstance(child, list):
            texts += child
        elif child is not None:
            texts.append(child if isinstance(child, Markup) else escape(str(child)))
    return Markup("".join(texts))


@cache
def icon(name: str) -> Markup:
    """One of the product's icons, drawn in the colour of the text beside it; it says nothing that the text does not."""
    drawn = resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    inside = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")]
    shape = 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return Markup(f'<svg class="icon" aria-hidden="true" {shape}>{inside}</svg>')
