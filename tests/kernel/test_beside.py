"""Work beside everything else: at once, again, sooner when woken, on after a mistake, and ended within a bound."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event, current_thread
from time import monotonic

from clinic_desktop.kernel.beside import Beside, Rest

HOUR = Rest(timedelta(hours=1))


class Twice(Beside):
    """Does something the first time, and ends with the second."""

    def __init__(self, rest: Rest, first: Callable[[Beside], None]) -> None:
        super().__init__()
        self.rest, self._first = rest, first
        self.times, self.is_done, self.left_on = list[float](), Event(), ""

    def once(self) -> Rest:
        self.times.append(monotonic())
        if len(self.times) == 1:
            self._first(self)
        else:
            self.end()
        return self.rest

    def leave(self) -> None:
        self.left_on = current_thread().name
        self.is_done.set()


def fail(_one: Beside) -> None:
    raise ZeroDivisionError


def test_who_wakes_it_ends_a_wait_but_no_fixed_one() -> None:
    woken, waiting = Twice(HOUR, Beside.wake), Twice(Rest(timedelta(seconds=0.2), fixed=True), Beside.wake)
    for one in (woken, waiting):
        one.start()
        assert one.is_done.wait(60)
        one.stop()
    assert waiting.times[1] - waiting.times[0] >= 0.2


def test_after_a_mistake_it_goes_on_and_leaves_on_its_own_thread() -> None:
    one = Twice(HOUR, fail)
    one.name, one.pause = "mistaken", Rest(timedelta())
    one.start()
    assert one.is_done.wait(60)
    one.stop()
    assert (len(one.times), one.left_on) == (2, "mistaken")


def test_what_does_not_end_is_left_to_itself() -> None:
    begun, let_go = Event(), Event()

    def hang(_one: Beside) -> None:
        begun.set()
        let_go.wait(60)

    one = Twice(HOUR, hang)
    one.patience = timedelta(milliseconds=10)
    one.start()
    assert begun.wait(60)
    one.stop()
    assert one._is_left
    assert not one.left_on
    let_go.set()
    assert one.is_done.wait(60), "it ends by itself, without a second time"
    assert len(one.times) == 1
