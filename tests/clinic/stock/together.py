"""Calls that start at the same instant on threads of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier, Thread


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Run all calls together; each one's result, or the exception it raised, in order."""
    barrier = Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(position: int) -> None:
        barrier.wait(timeout=30)
        try:
            results[position] = calls[position]()
        except Exception as error:
            results[position] = error

    threads = [Thread(target=run, args=(position,)) for position in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results
