"""The figures of a run as a table and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from typing import Any

from tests.benchmarks.budgets import GROWTH, NOT_BUILT, budget_of
from tests.benchmarks.measuring import Figure

_TITLES = ("work", "engine", "size", "median", "p95", "floor", "ratio", "SQL", "budget", "met", "growth")


def as_json(figures: Sequence[Figure], not_run: dict[str, str]) -> dict[str, Any]:
    """Everything that was measured, the samples included, and what was not run."""
    return {
        "machine": {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "figures": [_figure(figure, figures) for figure in figures],
        "not_run": [{"name": name, "work": work} for name, work in (not_run | NOT_BUILT).items()],
    }


def _figure(figure: Figure, figures: Sequence[Figure]) -> dict[str, Any]:
    budget = budget_of(figure)
    return {
        "name": figure.name,
        "work": figure.work,
        "engine": figure.engine,
        "size": figure.size,
        "unit": figure.unit,
        "median": figure.median,
        "p95": figure.p95,
        "floor_median": figure.floor_median,
        "ratio": figure.ratio,
        "statements": figure.statements,
        "budget": budget.words if budget else None,
        "met": budget.is_met(figure) if budget else None,
        "growth": growth_of(figure, figures),
        "samples": figure.ours,
        "floor_samples": figure.floor,
    }


def growth_of(figure: Figure, figures: Iterable[Figure]) -> float | None:
    """How many times the median of the smallest size this one takes."""
    same = [one for one in figures if (one.name, one.engine) == (figure.name, figure.engine) and one.size is not None]
    smallest = min(same, key=lambda one: one.size or 0, default=figure)
    return None if figure.name not in GROWTH or smallest is figure else figure.median / smallest.median


def as_table(figures: Sequence[Figure], not_run: dict[str, str]) -> str:
    """One line a figure, then what was not run."""
    lines = [_TITLES, *(_line(figure, figures) for figure in figures)]
    lines += [(work, "", "", "not run", *[""] * (len(_TITLES) - 4)) for work in (not_run | NOT_BUILT).values()]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_TITLES))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def _line(figure: Figure, figures: Sequence[Figure]) -> tuple[str, ...]:
    budget, growth = budget_of(figure), growth_of(figure, figures)
    return (
        figure.work,
        figure.engine,
        "" if figure.size is None else f"{figure.size:,}".replace(",", " "),
        f"{figure.median:.3g} {figure.unit}",
        f"{figure.p95:.3g}",
        "" if figure.floor_median is None else f"{figure.floor_median:.3g}",
        "" if figure.ratio is None else f"{figure.ratio:.2g} ×",
        "" if figure.statements is None else str(figure.statements),
        budget.words if budget else "",
        "" if budget is None else ("yes" if budget.is_met(figure) else "NO"),
        "" if growth is None else f"{growth:.2g} × (≤ {GROWTH[figure.name][0]:g}, {GROWTH[figure.name][1]})",
    )
