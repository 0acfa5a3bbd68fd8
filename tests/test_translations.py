"""The catalogues: complete, current and safe to put on a screen; and the source texts can be extracted at all."""

from __future__ import annotations

import ast
import gettext
import re
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

import clinic_desktop
from clinic_desktop.kernel.i18n import DOMAIN, SHIPPED_CODES, SOURCE_CODE, Language
from clinic_desktop.kernel.resources import resource_path

PACKAGE = Path(clinic_desktop.__file__).parent
CODES = [code for code in SHIPPED_CODES if code != SOURCE_CODE]
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext": None, "ngettext": (1, 2), "N_": None, "_": None}
# A marker may stand before a text that was marked elsewhere: a name, an attribute, an entry of a table or its `.get(…)`.
MARKED_ELSEWHERE = (ast.Name, ast.Attribute, ast.Subscript)
BIDI_CONTROLS = {chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
KEY_NAME = re.compile(r"\b(?:Ctrl|Alt|Shift)\+\w+|\bF\d{1,2}\b")
HTML = re.compile(r"</?[A-Za-z!]|&#?\w+;")


@cache
def extracted() -> frozenset[str | tuple[str, ...]]:
    """What the sources ask to be translated."""
    return frozenset(found[2] for found in extract_from_dir(PACKAGE, keywords=KEYWORDS))


@cache
def catalogue(code: str) -> Catalog:
    """The .po of a language as it is shipped."""
    path = Path(str(resource_path("translations"))) / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    return read_po(BytesIO(path.read_bytes()), locale=code, domain=DOMAIN, abort_invalid=True)


def messages(code: str) -> list[Message]:
    """The entries of a language without the header."""
    return [message for message in catalogue(code) if message.id]


def sources(message: Message) -> tuple[str, ...]:
    """The English forms of an entry: one, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """The translated forms of an entry."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> list[tuple[str, str, str]]:
    """The replacement fields of a text in a fixed order; a text that ``format`` refuses fails here."""
    parts = string.Formatter().parse(text)
    return sorted((name, spec or "", conversion or "") for _literal, name, spec, conversion in parts if name is not None)


def faults_of(source: str, text: str) -> Iterator[str]:
    """What makes a translated form unfit to stand in place of its source."""
    if placeholders(source) != placeholders(text):
        yield "placeholders differ"
    if sorted(KEY_NAME.findall(source)) != sorted(KEY_NAME.findall(text)):
        yield "names of keys differ"
    if source.count("\n") != text.count("\n"):
        yield "line breaks differ"
    if source[:1].isspace() != text[:1].isspace() or source[-1:].isspace() != text[-1:].isspace():
        yield "space around it differs"
    if HTML.search(text):
        yield "looks like HTML"
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in text):
        yield "control character"
    if BIDI_CONTROLS & set(text):
        yield "bidi control character"


def test_the_package_asks_for_texts() -> None:
    assert len(extracted()) > 500
    assert "Patient" in extracted()


@pytest.mark.parametrize("code", CODES)
def test_the_catalogue_has_exactly_the_texts_of_the_sources(code: str) -> None:
    known = {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(code)}
    assert sorted(map(str, extracted() - known)) == [], "missing: extract and update"
    assert sorted(map(str, known - extracted())) == [], "no longer used: extract and update"
    assert list(catalogue(code).obsolete) == []


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_translated_and_checked_by_a_person(code: str) -> None:
    untranslated = [message.id for message in messages(code) if not forms(message) or not all(form.strip() for form in forms(message))]
    assert untranslated == []
    assert [message.id for message in messages(code) if message.fuzzy] == []
    assert not catalogue(code).fuzzy


@pytest.mark.parametrize("code", CODES)
def test_every_form_can_stand_in_place_of_its_source(code: str) -> None:
    faults = [(form, fault) for message in messages(code) for form in forms(message) for fault in faults_of(sources(message)[-1], form)]
    assert faults == []


@pytest.mark.parametrize(
    ("source", "text", "fault"),
    [
        ("{n} of {all}", "{all} / {m}", "placeholders differ"),
        ("Call F8", "Call F9", "names of keys differ"),
        ("a\nb", "a b", "line breaks differ"),
        ("a", "a ", "space around it differs"),
        ("a", "<b>a</b>", "looks like HTML"),
        ("a", "a&nbsp;b", "looks like HTML"),
        ("a", "a\x07", "control character"),
        ("a", "a" + chr(0x202E), "bidi control character"),
    ],
)
def test_a_fault_is_found(source: str, text: str, fault: str) -> None:
    assert fault in list(faults_of(source, text))


def test_the_order_of_placeholders_is_free() -> None:
    assert list(faults_of("{shown} of {all} R&D 5 %", "{all}: {shown} R&D 5 %")) == []


# A thing has one name: who learned "patient" on one screen must not meet another word for it on the next.
OTHER_WORDS = {
    "ar": {
        "بطاق(?:ة|ات) (?:ال)?هوية": "بطاقة المريض (that is the state's card)",
        "بدون موعد": "بلا موعد",
        "(?:إغلاق|أُغلق|أغلق) (?:ال)?دور": "الطابور (the other is a role)",
    },
    "hi": {
        "रोगी|रोगियों": "मरीज़",
        "अभिलेखों?": "रिकॉर्ड",
        "मुलाक़ात(?:ें|ों)?|भेंट": "विज़िट",
        "इनवॉइस": "बिल",
        "पहचान पत्रों?": "पहचान कार्ड",
        "फ़ीस": "शुल्क",
        "क़तार": "कतार",
        "ग़लत": "गलत",
        "आगमन दर्ज": "चेक-इन",
    },
}


@pytest.mark.parametrize("code", CODES)
def test_a_thing_has_one_word(code: str) -> None:
    letters = "\\u0600-\\u06ff\\u0900-\\u097f"
    wrong = [
        (form, f"the word is {ours}")
        for other, ours in OTHER_WORDS[code].items()
        for message in messages(code)
        for form in forms(message)
        if re.search(f"(?<![{letters}])(?:{other})(?![{letters}])", form)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_the_plural_forms_are_those_of_the_language(code: str) -> None:
    right = get_plural(code)
    assert (catalogue(code).num_plurals, catalogue(code).plural_expr) == (right.num_plurals, right.plural_expr)
    plurals = [message for message in messages(code) if not isinstance(message.id, str)]
    assert plurals
    assert [message.id for message in plurals if len(forms(message)) != right.num_plurals] == []


@pytest.mark.parametrize("code", CODES)
def test_the_compiled_catalogue_says_what_the_source_of_it_says(code: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    spoken = gettext.GNUTranslations(compiled)
    for message in messages(code):
        if isinstance(message.id, str):
            assert spoken.gettext(message.id) == message.string
        else:
            one, many = message.id
            form_of = gettext.c2py(catalogue(code).plural_expr)
            assert all(spoken.ngettext(one, many, n) == forms(message)[form_of(n)] for n in range(121))


@pytest.mark.parametrize("code", CODES)
def test_the_program_speaks_the_language(code: str) -> None:
    # `make setup` compiles; a stale or missing .mo would show English here.
    assert Language(code).gettext("Patient") == catalogue(code)["Patient"].string != "Patient"


def marker_calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """The calls of ``_``, ``N_``, ``gettext`` and ``ngettext``, plain or as a method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in ("_", "N_", "gettext", "ngettext"):
                yield name, node


def is_extractable(name: str, call: ast.Call) -> bool:
    """Whether the extractor sees this text, or the text was marked where it was written."""
    texts = call.args[:2] if name == "ngettext" else call.args[:1]
    if texts and all(isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value for text in texts):
        return True
    if name not in ("_", "gettext") or not texts:
        return False
    return is_marked(texts[0])


def is_marked(text: ast.AST) -> bool:
    """Whether a text was marked here, by ``N_`` on each way, or where it was written."""
    if isinstance(text, ast.IfExp):
        return is_marked(text.body) and is_marked(text.orelse)
    called = text.func if isinstance(text, ast.Call) else None
    looked_up = isinstance(called, ast.Attribute) and called.attr == "get"
    return looked_up or (isinstance(called, ast.Name) and called.id == "N_") or isinstance(text, MARKED_ELSEWHERE)


def test_every_marked_text_is_a_literal_or_was_marked_elsewhere() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path == PACKAGE / "kernel" / "i18n.py":
            continue  # it hands the texts on
        calls = marker_calls(ast.parse(path.read_text(encoding="utf-8")))
        wrong += [
            f"{path.relative_to(PACKAGE)}:{call.lineno} {ast.unparse(call)}" for name, call in calls if not is_extractable(name, call)
        ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("_('Room {room}').format(room=1)", True),
        ("_('a ' 'b')", True),
        ("_(spec.title)", True),
        ("_(TABLE[key])", True),
        ("_(TABLE.get(key, 'record'))", True),
        ("N_('title')", True),
        ("language.ngettext('{n} day', '{n} days', n)", True),
        ("_(f'Room {room}')", False),
        ("_('Room ' + room)", False),
        ("_('Room %s' % room)", False),
        ("_('Room {}'.format(room))", False),
        ("_('a' if x else 'b')", False),
        ("_('')", False),
        ("N_(title)", False),
        ("ngettext(one, '{n} days', n)", False),
    ],
)
def test_a_text_that_no_extractor_sees_is_found(code: str, right: bool) -> None:
    assert [is_extractable(*found) for found in marker_calls(ast.parse(code))] == [right]


def test_hindi_has_one_word_for_saving_and_one_for_a_number_that_names_something() -> None:
    wrong = []
    for message in messages("hi"):
        counts = re.fullmatch(r"number of \w+|Please enter a (?:whole )?number.*", sources(message)[0])
        wrong += [one for one in forms(message) if re.search(r"सेव(?![\u0900-\u0963])", one) or ("संख्या" in one and not counts)]
    assert wrong == [], "सहेजें, and नंबर: संख्या is how many there are"
