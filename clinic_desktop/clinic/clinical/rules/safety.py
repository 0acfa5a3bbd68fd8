"""Prescribing safety: allergies and duplicate ingredients, warned about at entry and again at dispensing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.text import search_form

_SEPARATORS = re.compile(r"[,;/\n\u060c]| and ")
_SPACES_AND_MARKS = re.compile(r"[^\w]+")
_NOTHING = frozenset({"no", "no known", "none", "none known", "nil", "nil known", "nka", "nkda", "not known", "unknown"})
_NOISE = re.compile(r"\b(allergic to|allergy to|allergies|allergy|drugs|drug|reaction to|severe|mild|rash with)\b")

# Classes that people write in the allergy field, by word stems of their members' international names.
_CLASSES: dict[str, tuple[str, ...]] = {
    "penicillin": ("penicillin", "amoxicillin", "ampicillin", "cloxacillin", "flucloxacillin", "piperacillin", "dicloxacillin"),
    "cephalosporin": ("cef", "ceph"),
    "sulfa": ("sulfa", "sulpha", "cotrimoxazole", "co trimoxazole"),
    "nsaid": ("ibuprofen", "diclofenac", "naproxen", "aspirin", "acetylsalicylic", "aceclofenac", "ketorolac", "mefenamic",
              "indomethacin", "indometacin", "piroxicam", "meloxicam", "etoricoxib", "celecoxib", "nimesulide", "ketoprofen"),
    "quinolone": ("ciprofloxacin", "levofloxacin", "ofloxacin", "moxifloxacin", "norfloxacin"),
    "macrolide": ("azithromycin", "erythromycin", "clarithromycin", "roxithromycin"),
    "tetracycline": ("tetracycline", "doxycycline", "minocycline"),
    "statin": ("atorvastatin", "rosuvastatin", "simvastatin", "pravastatin"),
    "opioid": ("morphine", "codeine", "tramadol", "fentanyl", "oxycodone"),
}  # fmt: skip

_CLASS_NAMES = {
    "penicillins": "penicillin", "cephalosporins": "cephalosporin", "sulfas": "sulfa", "sulpha": "sulfa", "sulphonamide": "sulfa",
    "sulfonamide": "sulfa", "sulfonamides": "sulfa", "nsaids": "nsaid", "quinolones": "quinolone", "fluoroquinolone": "quinolone",
    "macrolides": "macrolide", "tetracyclines": "tetracycline", "statins": "statin", "opioids": "opioid", "opiates": "opioid",
}  # fmt: skip

_SYNONYMS = {"acetaminophen": "paracetamol", "amoxycillin": "amoxicillin", "acetylsalicylic acid": "aspirin", "salbutamol": "albuterol"}


class WarningKind(StrEnum):
    """Why a medicine is questioned."""

    ALLERGY = "ALLERGY"
    DUPLICATE_INGREDIENT = "DUPLICATE_INGREDIENT"


@dataclass(frozen=True, slots=True)
class Drug:
    """What the safety check knows of a medicine."""

    medicine_id: UUID
    name: str
    ingredients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrescriptionWarning:
    """One reason to think again: ``detail`` is the allergy or the shared ingredient, ``other`` the medicine that has it too."""

    kind: WarningKind
    medicine_id: UUID
    medicine: str
    detail: str
    other: str | None = None


class PrescriptionWarned(ClinicError):
    """The prescription raises warnings and no reason to override them was given: param ``warnings``."""

    code = "prescription_warned"


def allergy_terms(text: str | None) -> tuple[str, ...]:
    """The separate allergies of a free text, folded; statements that there are none count as none."""
    terms = []
    for part in _SEPARATORS.split(text or ""):
        term = _words_of(_NOISE.sub(" ", search_form(part)))
        if len(term) >= 3 and term not in _NOTHING:
            terms.append(term)
    return tuple(dict.fromkeys(terms))


def _words_of(text: str) -> str:
    return _SPACES_AND_MARKS.sub(" ", text).strip()


def _folded(ingredient: str) -> str:
    plain = _words_of(search_form(ingredient))
    return _SYNONYMS.get(plain, plain)


def is_allergic(term: str, ingredient: str) -> bool:
    """Whether an allergy term covers an ingredient: either names the other among its words, or by class."""
    substance, allergen = _folded(ingredient), _SYNONYMS.get(term, term)
    if not substance:
        return False
    if f" {substance} " in f" {allergen} " or f" {allergen} " in f" {substance} ":
        return True
    stems = [stem for word in allergen.split() for stem in _CLASSES.get(_CLASS_NAMES.get(word, word), ())]
    return any(_has_stem(word, stem) for word in substance.split() for stem in stems)


def _has_stem(word: str, stem: str) -> bool:
    # Long stems stand inside names too (benzylpenicillin); short ones only begin them (cefixime).
    return stem in word if len(stem) >= 6 else word.startswith(stem)


def safety_warnings(drugs: Sequence[Drug], *, allergies: str | None, already_taken: Iterable[Drug] = ()) -> tuple[PrescriptionWarning, ...]:
    """Allergies against each drug, and ingredients that two drugs share, in the list or with what the patient takes already."""
    terms = allergy_terms(allergies)
    found: list[PrescriptionWarning] = []
    seen: dict[str, str] = {_folded(name): drug.name for drug in already_taken for name in drug.ingredients}
    for drug in drugs:
        names = (*drug.ingredients, drug.name)
        found += [_warning(WarningKind.ALLERGY, drug, term) for term in terms if any(is_allergic(term, name) for name in names)]
        for ingredient in drug.ingredients:
            known = seen.get(_folded(ingredient))
            if known is not None:
                found.append(_warning(WarningKind.DUPLICATE_INGREDIENT, drug, ingredient, known))
        seen.update((_folded(ingredient), drug.name) for ingredient in drug.ingredients)
    return tuple(dict.fromkeys(found))


def _warning(kind: WarningKind, drug: Drug, detail: str, other: str | None = None) -> PrescriptionWarning:
    return PrescriptionWarning(kind, drug.medicine_id, drug.name, detail, other)
