"""Text made to fit: smaller letters, an ellipsis, or more lines; always cut in logical order and never inside a letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from clinic_desktop.documents.lettering import JOINERS, width_of

_ELLIPSIS = "…"
_VIRAMA = 9  # canonical combining class of the sign that joins two Indic letters


def _clusters(text: str) -> list[str]:
    """What may not be cut apart: a letter with its marks, joiners and what is joined on."""
    clusters: list[str] = []
    for character in text:
        joins = unicodedata.category(character)[0] == "M" or character in JOINERS
        if clusters and (joins or clusters[-1][-1] == "\u200d" or unicodedata.combining(clusters[-1][-1]) == _VIRAMA):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _longest(parts: list[str], width: float, size: float, bold: bool, ending: str = "") -> int:
    """How many of the parts, joined and with the ending, fit into the width."""
    low, high = 0, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of("".join(parts[:middle]).rstrip() + ending, size, bold) <= width:
            low = middle
        else:
            high = middle - 1
    # Joined letters make widths uneven by a little: never trust the search alone.
    while low and width_of("".join(parts[:low]).rstrip() + ending, size, bold) > width:
        low -= 1
    return low


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text, or as much of its start as fits with an ellipsis; empty where not even that fits."""
    if width_of(text, size, bold) <= width:
        return text
    clusters = _clusters(text[:2000])
    kept = "".join(clusters[: _longest(clusters, width, size, bold, _ELLIPSIS)]).rstrip() + _ELLIPSIS
    return kept if width_of(kept, size, bold) <= width else ""


def fit(text: str, width: float, size: float, *, least: float, bold: bool = False) -> tuple[str, float]:
    """Text and size that fit into a width: smaller letters first, down to ``least``, then an ellipsis."""
    natural = width_of(text, size, bold)
    if natural <= width:
        return text, size
    smaller = size * width / natural
    if smaller >= least:
        return text, smaller * 0.9999
    return cut(text, width, least, bold), least


def wrap(text: str, width: float, size: float, *, bold: bool = False, most: int | None = None) -> list[str]:
    """Lines of a text within a width, broken between words (inside a word only where one is wider than the line)."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if most is not None and len(lines) > most:
            break
        lines.extend(_wrapped(paragraph, width, size, bold, most))
    if most is not None and len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        return [*lines[: most - 1], cut(rest if width_of(rest, size, bold) > width else rest + _ELLIPSIS, width, size, bold)]
    return lines


def _wrapped(paragraph: str, width: float, size: float, bold: bool, most: int | None) -> Iterator[str]:
    current = ""
    made = 0
    for word in paragraph.split():
        joined = f"{current} {word}" if current else word
        if width_of(joined, size, bold) <= width:
            current = joined
            continue
        if current:
            yield current
            made += 1
        *whole, current = _chopped(word, width, size, bold)
        yield from whole
        made += len(whole)
        if most is not None and made > most:
            return
    yield current


def _chopped(word: str, width: float, size: float, bold: bool) -> list[str]:
    if width_of(word, size, bold) <= width:
        return [word]
    pieces: list[str] = []
    clusters = _clusters(word)
    while clusters:
        taken = max(1, _longest(clusters[:400], width, size, bold))
        pieces.append("".join(clusters[:taken]))
        clusters = clusters[taken:]
    return pieces
