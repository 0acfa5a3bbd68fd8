"""Lettering: text of any of our scripts as runs of one bundled font each, in visual order, shaped and measured.

Lines are broken in logical order first (see ``fitting``); each line is then put in visual order (Unicode bidi) and each run shaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from bidi import algorithm as bidi_steps
from reportlab.lib.abag import ABag
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapedStr, TTFont, shapeFragWord

from clinic_desktop.kernel.resources import resource_path

LATIN, ARABIC, DEVANAGARI = "NotoSans", "NotoSansArabic", "NotoSansDevanagari"
_FAMILIES = (LATIN, ARABIC, DEVANAGARI)
_ARABIC_BLOCKS = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
_DEVANAGARI_BLOCKS = ((0x0900, 0x097F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF))
JOINERS = "\u200c\u200d"
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MOST_MARKS = 4  # on one letter: more is only ever a prank that climbs out of its line
_UNKNOWN = "\ufffd"
_SIMPLE = re.compile(r"[ -~\u00a0-\u00ac\u00ae-\u024f–—‘’“”•…₹€]*")
# No discretionary ligatures: Noto's turns a plain محمد into a vowelled one.
_FEATURES = {"kern": True, "liga": True, "dlig": False}
# What stands between right-to-left letters, and in it telephone numbers and the like.
_BETWEEN = re.compile(r"[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_FIGURES = re.compile(r"\+?[0-9][0-9()]*(?:[ \u00a0/-][0-9()]+)+")
_SPACES = re.compile(r"[ \t\r\n\v\f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one font, ready to draw; ``width`` is at one point."""

    font: str
    drawn: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line in visual order; ``width`` is at one point, ``text`` is what it says in logical order."""

    text: str
    runs: tuple[Run, ...]
    width: float
    is_simple: bool


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, str(resource_path(f"fonts/{name}.ttf")))
    pdfmetrics.registerFont(font)
    return font


@cache
def _glyphs(family: str) -> frozenset[int]:
    # Taken before any shaping: reportlab adds private codes for shaped glyphs to the live table.
    return frozenset(_font(f"{family}-Regular").face.charToGlyph)


def _within(code: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in blocks)


@lru_cache(maxsize=4096)  # a text has few characters, and each is asked about when it is cut, wrapped and drawn
def _family(character: str, before: str | None) -> str | None:
    """The font family of a character; marks, spaces and punctuation stay with what stands before them. None: in no font."""
    code = ord(character)
    if _within(code, _ARABIC_BLOCKS):
        wanted = ARABIC
    elif _within(code, _DEVANAGARI_BLOCKS):
        wanted = DEVANAGARI
    else:
        follows = unicodedata.category(character)[0] in "MZP" or character in JOINERS
        wanted = before if follows and before and code in _glyphs(before) else LATIN
    if code in _glyphs(wanted):
        return wanted
    return next((family for family in _FAMILIES if code in _glyphs(family)), None)


def _printable(text: str) -> str:
    """One line of characters that a bundled font can draw; what none can becomes one replacement sign per stretch."""
    kept: list[str] = []
    marks = 0
    for character in _SPACES.sub(" ", unicodedata.normalize("NFC", text)):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if (
            category in ("Cc", "Cs", "Cn", "Me")
            or marks > _MOST_MARKS
            or (category == "Cf" and character not in JOINERS and character not in _DIRECTIONS)
        ):
            continue
        if category == "Co" or (character not in _DIRECTIONS and _family(character, None) is None):
            if category != "Mn" and (not kept or kept[-1] != _UNKNOWN):
                kept.append(_UNKNOWN)
            continue
        if character in JOINERS and (not kept or kept[-1] == _UNKNOWN):
            continue
        kept.append(character)
    return "".join(kept)


def _embedded(match: re.Match[str]) -> str:
    """A left-to-right phrase kept together: ``500 mg``, ``MD (Medicine)`` and ``+91 98`` must not change places with their parts."""
    span = match.group()
    held = [index for index, c in enumerate(span) if unicodedata.category(c)[0] in "LNM" or c in "+%°"]
    if not held:
        return span
    start, end = held[0], held[-1] + 1
    if span[end : end + 1] == ")" and "(" in span[start:end]:
        end += 1
    core = span[start:end]
    if not any(map(str.isalpha, core)) and not _FIGURES.search(core):
        return span
    return f"{span[:start]}\u202a{core}\u202c{span[end:]}"


def _visual_order(text: str, right_to_left: bool | None) -> Iterator[tuple[int, int]]:
    """Logical index and embedding level of each visible character, from left to right."""
    base = bidi_steps.get_base_level(text) if right_to_left is None else int(right_to_left)
    storage = bidi_steps.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    bidi_steps.get_embedding_levels(text, storage)
    for index, character in enumerate(storage["chars"]):
        character["index"] = index
    for step in ("explicit_embed_and_overrides", "resolve_weak_types", "resolve_neutral_types", "resolve_implicit_levels"):
        getattr(bidi_steps, step)(storage, False)
    bidi_steps.reorder_resolved_levels(storage, False)
    return ((character["index"], character["level"]) for character in storage["chars"])


def _families(text: str) -> list[str]:
    families: list[str] = []
    before: str | None = None
    for character in text:
        before = _family(character, before) or LATIN
        families.append(before)
    return families


def _stretches(text: str, right_to_left: bool | None) -> Iterator[tuple[str, str, int]]:
    """(family, text in logical order, level) of each run, from left to right."""
    families = _families(text)
    group: list[int] = []
    key: tuple[str, int] | None = None
    for index, level in _visual_order(text, right_to_left):
        here = (families[index], level)
        if here != key and group and key is not None:
            yield key[0], _logical(text, group), key[1]
            group = []
        key = here
        group.append(index)
    if group and key is not None:
        yield key[0], _logical(text, group), key[1]


def _logical(text: str, group: list[int]) -> str:
    # The bidi steps drop joiners: take the whole span, less the direction marks.
    return "".join(c for c in text[min(group) : max(group) + 1] if c not in _DIRECTIONS)


def _shaped(text: str, font: str) -> str:
    size = 10  # widths are kept for one point: any size will do
    word = [0.0, (ABag(fontName=font, fontSize=size), text)]
    shaped = shapeFragWord(word, features=_FEATURES)
    return text if shaped is word else shaped[1][1]


def _run(family: str, text: str, level: int, bold: bool) -> Run:
    name = f"{family}-{'Bold' if bold else 'Regular'}"
    _font(name)
    if level % 2 and not has_right_to_left(text):
        # Signs alone in a right-to-left stretch: the shaper would not turn them round, so it is done here.
        text = "".join(bidi_steps.MIRRORED.get(c, c) for c in reversed(text))
    # Arabic figures alone run left to right, but the shaper would take them for words and turn them round.
    needs_shaping = has_right_to_left(text) if family == ARABIC else family == DEVANAGARI or any(map(unicodedata.combining, text))
    drawn = _shaped(text, name) if needs_shaping else text
    if isinstance(drawn, ShapedStr):
        return Run(name, drawn, sum(glyph.x_advance for glyph in drawn.__shapeData__) / 1000)
    return Run(name, drawn, pdfmetrics.stringWidth(drawn, name, 1000) / 1000)


@lru_cache(maxsize=4096)
def line(text: str, bold: bool = False, right_to_left: bool | None = None) -> Line:
    """Set one line; without a direction, the first letter decides (figures alone run left to right)."""
    if _SIMPLE.fullmatch(text) and not right_to_left:
        run = _run(LATIN, text, 0, bold)
        return Line(text, (run,), run.width, is_simple=True)
    printable = _printable(text)
    if has_right_to_left(printable) or right_to_left:
        printable = _BETWEEN.sub(_embedded, printable)
    said = "".join(c for c in printable if c not in _DIRECTIONS)
    runs = tuple(_run(family, part, level, bold) for family, part, level in _stretches(printable, right_to_left) if part)
    return Line(said, runs, sum(run.width for run in runs), is_simple=False)


def has_right_to_left(text: str) -> bool:
    """Whether any letter of a text is written from right to left."""
    return any(unicodedata.bidirectional(character) in ("AL", "R") for character in text)


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Width of a line in points."""
    return line(text, bold).width * size
