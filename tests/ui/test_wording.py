"""Every code that the core can raise has a sentence, and every sentence can be filled."""

from __future__ import annotations

import ast
import pkgutil
import string
from collections import Counter
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import pytest

import clinic_desktop
from clinic_desktop import wording
from clinic_desktop.clinic.access.rules import RoleNotGrantable
from clinic_desktop.clinic.billing.errors import ApprovalNeeded, TillDiffers, TillsDiffer
from clinic_desktop.clinic.clinical.rules import NotPrintable
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.simulation.crew import SimulationNeeds
from clinic_desktop.kernel.errors import ClinicError, IllegalTransition, InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money

ROOT = Path(clinic_desktop.__file__).parent


def _subclasses(kind: type[ClinicError]) -> set[type[ClinicError]]:
    return {kind}.union(*(_subclasses(one) for one in kind.__subclasses__()))


def _reasons_in_the_code() -> set[str]:
    """The second argument of each InvalidInput(…) in the package, where it is a literal."""
    found = set()
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "InvalidInput" and len(node.args) > 1:
                second = node.args[1]
                if isinstance(second, ast.Constant):
                    found.add(str(second.value))
    return found


def test_every_code_has_a_sentence() -> None:
    load_departments()
    codes = {one.code for one in _subclasses(ClinicError) if one.__module__.startswith("clinic_desktop.")}
    assert sorted(codes - set(wording.words()) - {"invalid_input"}) == []


def test_every_reason_has_a_sentence() -> None:
    reasons = _reasons_in_the_code()
    assert len(reasons) > 20
    assert sorted(reasons - set(wording.reasons())) == []


def test_nothing_is_worded_twice() -> None:
    modules = [import_module(f"clinic_desktop.wording.{one.name}") for one in pkgutil.iter_modules(wording.__path__)]
    for table in ("WORDS", "REASONS"):
        codes = Counter(code for module in modules for code in getattr(module, table, {}))
        assert [code for code, times in codes.items() if times > 1] == []


def test_every_sentence_can_be_filled() -> None:
    for template in [*wording.words().values(), *wording.reasons().values()]:
        names = {name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name is not None}
        assert all(name.isidentifier() for name in names), template


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidInput("name", "too_long", limit=40), "At most 40 characters."),
        (NotFound(entity="doctors", key="7"), "The doctor is not there any more. Refresh the list and try again."),
        (ClinicError(), "This could not be done (error). Nothing was changed."),
        (
            ApprovalNeeded("approver", reason="tender", limit=Money(100_000, "INR")),
            "A second person must approve paying back by another means than was used to pay.",
        ),
        (
            ApprovalNeeded("approver", reason="limit", limit=Money(100_000, "INR")),
            "A second person must approve amounts above ₹1,000.00.",
        ),
        (SimulationNeeds(reason="clinic"), "A day cannot be simulated yet: there is no clinic."),
        (SimulationNeeds(what="cashier"), "A day cannot be simulated yet: the clinic has no Cashier."),
        (SimulationNeeds(what="service"), "A day cannot be simulated yet: the clinic has no service."),
        (RoleNotGrantable("code", role="super_admin"), "Only an owner may grant or take away the role Owner."),
        (TillDiffers("note", difference=Money(-500, "INR")), "The cash differs from what should be there. Count again, or say why."),
        (TillsDiffer("note", difference=Money(-500, "INR")), "The tills differ: please say why."),
        (NotPrintable(status="DRAFT"), "This prescription cannot be printed (Draft)."),
        (
            IllegalTransition(machine="invoice", current="DRAFT", wanted="CREDITED"),
            "This is not possible now: the status is “Draft”.",
        ),
        (
            IllegalTransition(machine="visit", current="WAITING", wanted="COMPLETED"),
            "This is not possible now: the status is “Waiting” and cannot become “Completed”.",
        ),
    ],
)
def test_sentences(error: ClinicError, said: str) -> None:
    assert wording.sentence(error) == said


def test_unknown_codes_fall_back_to_a_sentence_with_the_code() -> None:
    class Novel(ClinicError):
        code = "novel"

    assert wording.sentence(Novel()) == "This could not be done (novel). Nothing was changed."
    assert "odd_reason" in wording.sentence(InvalidInput("x", "odd_reason"))
    del Novel


def test_parameters_read_as_people_write_them() -> None:
    class Kind(StrEnum):
        CASH = "CASH"

    from clinic_desktop.wording import _filled

    wording.tell_times_in("Asia/Kolkata")
    instant = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    params = {"a": Money(125050, "INR"), "b": date(2026, 3, 2), "c": instant, "d": Kind.CASH}
    assert _filled("{a}|{b}|{c}|{d}|{missing}", params, Language()) == "₹1,250.50|Mar 2, 2026|Mar 2, 2026, 9:00\u00a0AM|Cash|…"


def test_a_missing_permission_is_named_by_its_title() -> None:
    from clinic_desktop.clinic.access.commands.permissions import ROLES

    assert ROLES.title in wording.sentence(PermissionDenied(permission=ROLES.code, command="x"))


def test_statuses_are_words() -> None:
    assert wording.status("PENDING_PAYMENT") == "To be paid"
    assert wording.status("SOMETHING_NEW") == "Something new"
