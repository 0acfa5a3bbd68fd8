"""The consent texts that the program brings along: drafts to be read by a lawyer, and to be replaced."""

from __future__ import annotations

from collections.abc import Iterator

from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.patients.signing import LANGUAGES
from clinic_desktop.kernel.resources import resource_path


def drafted_texts() -> Iterator[tuple[ConsentType, str, str, str]]:
    """Kind, language, title and text of each; the title is the first line of its file."""
    for language in LANGUAGES:
        for kind in ConsentType:
            words = resource_path(f"consents/{language}/{kind.value.lower()}.txt").read_text(encoding="utf-8")
            title, _line, body = words.partition("\n")
            yield kind, language, title.strip(), body.strip()
