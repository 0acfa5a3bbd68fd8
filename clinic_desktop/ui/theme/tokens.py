"""Design tokens: every colour, distance and text size of the desktop, in one place."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

GAP_4, GAP_8, GAP_12, GAP_16, GAP_24 = 4, 8, 12, 16, 24
RADIUS = 6
RING = 2
"""Around a filled button that has the keyboard; the gap between the two is as wide."""
CONTROL_HEIGHT = 34
ROW_HEIGHT = 36
BODY_PIXELS = 14
TITLE_PIXELS = 20
TOUCH = 72
"""The height of what is touched at a kiosk, standing, with a child on the arm."""
KIOSK_TEXT, KIOSK_TITLE, KIOSK_NUMBER = 22, 34, 150


class Tone(StrEnum):
    """What a chip, toast or figure means; each tone has its own colours in each palette."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as ``#rrggbb``."""

    name: str
    window: str
    surface: str
    rail: str
    field: str
    hover: str
    pressed: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    selection: str
    on_selection: str
    focus: str
    danger: str
    danger_hover: str
    on_danger: str
    neutral_soft: str
    on_neutral: str
    info_soft: str
    on_info: str
    good_soft: str
    on_good: str
    warn_soft: str
    on_warn: str
    bad_soft: str
    on_bad: str
    toast: str
    on_toast: str
    toast_action: str

    def soft(self, tone: Tone) -> str:
        """The background of a chip of that tone."""
        return str(getattr(self, f"{tone}_soft"))

    def ink(self, tone: Tone) -> str:
        """The text and dot of a chip of that tone."""
        return str(getattr(self, f"on_{tone}"))

    def colours(self) -> dict[str, str]:
        """Every token by name, for the style sheet template."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "name"}


LIGHT = Palette(
    name="light",
    window="#f7f7f8",
    surface="#ffffff",
    rail="#efeff1",
    field="#ffffff",
    hover="#ececef",
    pressed="#e1e1e6",
    border="#e3e3e8",
    border_strong="#c9c9d1",
    text="#1b1b21",
    muted="#60606b",
    disabled="#9a9aa5",
    accent="#0b6e6e",
    accent_hover="#095c5c",
    on_accent="#ffffff",
    accent_soft="#e0f0ef",
    on_accent_soft="#0a5a5a",
    selection="#d9eeec",
    on_selection="#12302f",
    focus="#12908f",
    danger="#c0312b",
    danger_hover="#a52823",
    on_danger="#ffffff",
    neutral_soft="#ededf0",
    on_neutral="#4d4d58",
    info_soft="#e3edfb",
    on_info="#1d4f96",
    good_soft="#e0f3e6",
    on_good="#1a6437",
    warn_soft="#fcefd4",
    on_warn="#7d4c05",
    bad_soft="#fce4e2",
    on_bad="#a1261f",
    toast="#26262d",
    on_toast="#f6f6f8",
    toast_action="#7fdad6",
)

DARK = Palette(
    name="dark",
    window="#17181b",
    surface="#1e1f23",
    rail="#131417",
    field="#25262b",
    hover="#2a2b31",
    pressed="#33343b",
    border="#303138",
    border_strong="#484a53",
    text="#ececef",
    muted="#a2a3ae",
    disabled="#6f7079",
    accent="#4cc2bd",
    accent_hover="#66cfca",
    on_accent="#06211f",
    accent_soft="#1c3a39",
    on_accent_soft="#8fe0db",
    selection="#20413f",
    on_selection="#e4f7f5",
    focus="#4cc2bd",
    danger="#f0766f",
    danger_hover="#f48d87",
    on_danger="#2a0705",
    neutral_soft="#2f3037",
    on_neutral="#c3c4cd",
    info_soft="#1d3150",
    on_info="#9cc3f7",
    good_soft="#19372a",
    on_good="#85d7a5",
    warn_soft="#3e2f12",
    on_warn="#f0c170",
    bad_soft="#47211f",
    on_bad="#f8a8a3",
    toast="#ececef",
    on_toast="#1b1b21",
    toast_action="#0a5a5a",
)

CONTRAST = Palette(
    name="contrast",
    window="#000000",
    surface="#000000",
    rail="#000000",
    field="#000000",
    hover="#1f1f1f",
    pressed="#333333",
    border="#ffffff",
    border_strong="#ffffff",
    text="#ffffff",
    muted="#e6e6e6",
    disabled="#a6a6a6",
    accent="#ffd400",
    accent_hover="#ffe666",
    on_accent="#000000",
    accent_soft="#332b00",
    on_accent_soft="#ffe666",
    selection="#ffd400",
    on_selection="#000000",
    focus="#ffd400",
    danger="#ff8f8f",
    danger_hover="#ffb3b3",
    on_danger="#000000",
    neutral_soft="#262626",
    on_neutral="#ffffff",
    info_soft="#002b66",
    on_info="#b3d4ff",
    good_soft="#00330f",
    on_good="#8dffb0",
    warn_soft="#402b00",
    on_warn="#ffd98a",
    bad_soft="#4d0000",
    on_bad="#ffc2c2",
    toast="#ffffff",
    on_toast="#000000",
    toast_action="#003d99",
)

PALETTES = {one.name: one for one in (LIGHT, DARK, CONTRAST)}

# Every text colour with each background that it stands on; a test computes that all reach 4.5:1.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(("text", ground) for ground in ("window", "surface", "rail", "field", "hover", "pressed", "bad_soft")),
    *(("muted", ground) for ground in ("window", "surface", "rail", "field", "hover", "neutral_soft")),
    *(("text", f"{tone}_soft") for tone in ("info", "good", "warn")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent_soft", "accent_soft"),
    ("on_selection", "selection"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
    ("danger", "surface"),
    ("danger", "window"),
    ("accent", "surface"),
    ("accent", "window"),
    *((f"on_{tone.value}", f"{tone}_soft") for tone in Tone),
    *((f"on_{tone}", ground) for tone in ("info", "good", "warn", "bad") for ground in ("surface", "window")),
    ("on_toast", "toast"),
    ("toast_action", "toast"),
)

# What has the keyboard is told by its frame alone: that must stand out from whatever is around it, at 3:1. Around a filled button it is
# a ring with a gap, through which the ground is seen: so the fill must stand out from the ground, too.
FRAME_PAIRS: tuple[tuple[str, str], ...] = (
    *(("focus", ground) for ground in ("window", "surface", "rail", "field")),
    *(("danger", ground) for ground in ("window", "surface", "field")),
    *((fill, ground) for fill in ("accent", "accent_hover", "danger_hover") for ground in ("window", "surface")),
)
