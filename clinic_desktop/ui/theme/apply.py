"""Put a theme on the application: Fusion, our own palette, fonts and the style sheet filled from the tokens."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.ui.theme.fonts import font, scaled, set_scale
from clinic_desktop.ui.theme.state import wear
from clinic_desktop.ui.theme.style import TEMPLATE
from clinic_desktop.ui.theme.tokens import CONTROL_HEIGHT, GAP_4, GAP_8, GAP_12, RADIUS, TOUCH, Palette


def apply_theme(app: QApplication, name: str = "light", *, right_to_left: bool = False, scale: int = 100) -> Palette:
    """Wear ``light``, ``dark`` or ``contrast``, at a text size in percent; screens are rebuilt by the shell afterwards."""
    palette = wear(name)
    set_scale(scale)
    app.setStyle("Fusion")
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    app.setPalette(_qt_palette(palette))
    app.setFont(font())
    app.setStyleSheet(style_sheet(palette))
    return palette


def style_sheet(palette: Palette) -> str:
    """The style sheet of a palette."""
    lengths = {
        "radius": RADIUS,
        "gap4": GAP_4,
        "gap8": GAP_8,
        "gap12": GAP_12,
        "control": scaled(CONTROL_HEIGHT) - 2,
        "touch": scaled(TOUCH),
    }
    # The tick and arrow are drawn per palette: style sheets cannot tint a picture.
    tone = "dark" if palette.name == "light" else "light"
    ticks = {
        "check_icon": resource_path(f"icons/qss/check-{'light' if palette.name == 'light' else 'dark'}.svg").as_posix(),
        "down_icon": resource_path(f"icons/qss/down-{tone}.svg").as_posix(),
        "up_icon": resource_path(f"icons/qss/up-{tone}.svg").as_posix(),
    }
    return Template(TEMPLATE).substitute(palette.colours(), **{k: str(v) for k, v in lengths.items()}, **ticks)


def _qt_palette(tokens: Palette) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.field,
        role.AlternateBase: tokens.surface,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_danger,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.toast,
        role.ToolTipText: tokens.on_toast,
        role.PlaceholderText: tokens.muted,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.border_strong,
        role.Shadow: tokens.border_strong,
    }
    palette = QPalette()
    for one, colour in colours.items():
        palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(tokens.disabled))
    return palette
