"""The look: tokens, palettes, fonts, icons and the one style sheet."""

from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.icons import icon, pixmap
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import Palette, Tone

__all__ = ["Palette", "Text", "Tone", "apply_theme", "current", "font", "icon", "pixmap", "scaled"]
