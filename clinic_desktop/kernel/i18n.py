"""The languages of the program: gettext catalogues for every head, with no Qt and no Babel (see ``formats`` for those)."""

from __future__ import annotations

import gettext as stdlib_gettext
from functools import cache

from clinic_desktop.kernel.resources import resource_path

DOMAIN = "clinic"
SOURCE_CODE = "en"
SHIPPED_CODES = ("en", "ar", "hi")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


@cache
def _catalogue(code: str) -> stdlib_gettext.NullTranslations:
    # A missing catalogue falls back to the source texts, which are English.
    names = [code, code.partition("_")[0]]
    return stdlib_gettext.translation(DOMAIN, str(resource_path("translations")), languages=names, fallback=True)


class Language:
    """One language: its texts and its direction. Immutable; equal by code."""

    __slots__ = ("_translations", "code")

    code: str

    def __init__(self, code: str = SOURCE_CODE) -> None:
        self.code = code.replace("-", "_")
        self._translations = _catalogue(self.code)

    @property
    def is_right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return self.code.partition("_")[0] in _RIGHT_TO_LEFT

    def gettext(self, text: str) -> str:
        """The text in this language; the English text where there is no translation."""
        # gettext("") would return the header of the catalogue.
        return self._translations.gettext(text) if text else ""

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The text in the plural form of this language for ``n`` things."""
        return self._translations.ngettext(one, many, n)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Language) and other.code == self.code

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        return f"Language({self.code!r})"


_active = Language()


def active() -> Language:
    """The language that the program speaks now."""
    return _active


def activate(code: str) -> Language:
    """Switch the language of the program; texts asked for from now on are in it."""
    global _active
    _active = Language(code)
    return _active


def gettext(text: str) -> str:
    """The text in the active language."""
    return _active.gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """The text in the active language's plural form for ``n`` things."""
    return _active.ngettext(one, many, n)


def N_(text: str) -> str:  # noqa: N802  (the name that gettext's extractors know)
    """Mark a text for translation without translating it here: titles that are declared at import."""
    return text


_ = gettext
