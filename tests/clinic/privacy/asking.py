"""Where the program asks for what a patient has: found in the code itself, with where the asked-for ids come from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import clinic_desktop

ROOT = Path(clinic_desktop.__file__).parent
COLUMN = "patient_id"
"""What every table calls the patient that its rows are of (``test_readers`` holds the models against it)."""
PERSON = frozenset({"person_ids", "survivor_ids", "one_person"})
"""What answers with every record of a person."""
_JOINS = frozenset({"join", "outerjoin", "join_from"})
_TOGETHER = frozenset({"group_by", "distinct", "over", "filter_by"})
_IN_SQL = re.compile(rf"\b\w*\.?{COLUMN}\s+(=|<>|IN\b)", re.IGNORECASE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Asked:
    """A place that compares whose a row is with something that is not every record of a person."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def asked_by_one(source: str, where: str) -> Iterator[Asked]:
    """All such places of a module."""
    yield from _Module(ast.parse(source), where).asked()


def asked_in_program() -> Iterator[Asked]:
    """All such places of the program; the tour's stories ask for whom they made themselves."""
    for path in sorted(ROOT.rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        source = "" if where.startswith("ui/tour/") else path.read_text(encoding="utf-8")
        if COLUMN in source:
            yield from asked_by_one(source, where)


class _Module:
    def __init__(self, tree: ast.Module, where: str) -> None:
        self.tree, self.where = tree, where
        self.above: dict[ast.AST, ast.AST] = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    def asked(self) -> Iterator[Asked]:
        for node in ast.walk(self.tree):
            if self._asks_by_one(node) and not self._is_key_of_join(node):
                function = self._function(node)
                yield Asked(f"{self.where}:{'' if function is None else function.name}", ast.unparse(node))

    def _asks_by_one(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            if not any(_is_whose(side) for side in sides) or any(isinstance(side, ast.Constant) and side.value is None for side in sides):
                return False
            is_among = isinstance(node.ops[0], (ast.In, ast.NotIn)) and _is_whose(node.left)
            return not (is_among and self._is_person(node.comparators[0], node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("in_", "not_in") and _is_whose(node.func.value):
                return not self._is_person(node.args[0], node)
            if node.func.attr in _TOGETHER:
                named = [*node.args, *(one.value for one in node.keywords)]
                return any(_is_whose(part) for one in named for part in ast.walk(one)) or any(one.arg == COLUMN for one in node.keywords)
        return isinstance(node, ast.Constant) and isinstance(node.value, str) and _IN_SQL.search(node.value) is not None

    def _is_key_of_join(self, node: ast.AST) -> bool:
        """``join(Patient, Patient.id == X.patient_id)`` asks for nobody: it names the record that a row was written for."""
        call = self.above.get(node)
        if not (isinstance(node, ast.Compare) and isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            return False
        joined = call.func.attr in _JOINS and any(isinstance(one, ast.Name) and one.id == "Patient" for one in call.args)
        return joined and "Patient.id" in {ast.unparse(side) for side in (node.left, *node.comparators)}

    def _function(self, node: ast.AST) -> Function | None:
        at: ast.AST | None = node
        while at is not None and not isinstance(at, Function):
            at = self.above.get(at)
        return at

    def _is_person(self, asked: ast.AST, at: ast.AST, seen: frozenset[tuple[str, Function | None]] = frozenset()) -> bool:
        """Whether ids come from what answers with every record of a person, by however many names."""
        if any(isinstance(one, ast.Call) and ast.unparse(one.func).rpartition(".")[2] in PERSON for one in ast.walk(asked)):
            return True
        function = self._function(at)
        if not isinstance(asked, ast.Name) or (asked.id, function) in seen:
            return False
        given, known = list(self._given(asked.id, function)), seen | {(asked.id, function)}
        return bool(given) and all(self._is_person(value, place, known) for value, place in given)

    def _given(self, name: str, function: Function | None) -> Iterator[tuple[ast.AST, ast.AST]]:
        """What a name stands for: set here, handed in by the calls of this module, or bound where the statement is run."""
        if function is not None:
            here = list(_set_in(function, name))
            named = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
            yield from here
            if not here and name in named:
                yield from self._handed(function.name, name, named.index(name))
                return
            if here:
                return
        for value, _place in _set_in(self.tree, name):
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "bindparam" and isinstance(value.args[0], ast.Constant):
                yield from self._bound(str(value.args[0].value))

    def _handed(self, called: str, name: str, place: int) -> Iterator[tuple[ast.AST, ast.AST]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == called:
                by_name = [one.value for one in node.keywords if one.arg == name]
                yield from ((value, node) for value in by_name or node.args[place : place + 1])

    def _bound(self, parameter: str) -> Iterator[tuple[ast.AST, ast.AST]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Dict):
                keys = zip(node.keys, node.values, strict=True)
                yield from ((value, node) for key, value in keys if isinstance(key, ast.Constant) and key.value == parameter)


def _is_whose(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == COLUMN


def _set_in(scope: ast.AST, name: str) -> Iterator[tuple[ast.AST, ast.AST]]:
    for node in ast.walk(scope):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            yield from ((value, node) for one, value in pairs if isinstance(one, ast.Name) and one.id == name)
