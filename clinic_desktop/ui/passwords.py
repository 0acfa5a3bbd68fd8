"""A password that must be new before anybody can go on: forgotten, given by an administrator, or replaced by the recovery key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.screens.login.pages import NewPasswordPage

if TYPE_CHECKING:
    from clinic_desktop.ui.door import Door
    from clinic_desktop.ui.opening import Opened
    from clinic_desktop.ui.screens.login.forgotten import ForgottenPage

_FORGOTTEN = "clinic_desktop.ui.forgotten:"


class Passwords(QObject):
    """``chosen(username, password)``: the new one stands, and logs in now."""

    chosen = Signal(str, str)

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self._door, self._window, self._work = door, door.window, door.work
        self._asking: ForgottenPage | None = None

    def ask_new(self, username: str, current: str) -> None:
        """The password that an administrator gave works once."""
        page = NewPasswordPage()
        page.entered.connect(
            lambda new: self._work.call(
                page,
                late("clinic_desktop.ui.entering:change_password"),
                db=self._work.db,
                username=username,
                current=current,
                new=new,
                then=lambda _nothing: self.chosen.emit(username, new),
                failed=page.refuse,
            )
        )
        self._window.show_page(page)

    def ask_after_recovery(self) -> None:
        """The recovery key has opened the data: an administrator may choose a new password."""
        self._work.call(self, late(_FORGOTTEN + "administrators"), db=self._work.db, then=self._offer)

    def _offer(self, people: list[tuple[str, str]]) -> None:
        page = load("clinic_desktop.ui.screens.login.unlock:RecoveredPage")(people)
        page.left.connect(lambda: self._door.go_on())
        page.entered.connect(
            lambda username, password: self._work.call(
                page,
                late(_FORGOTTEN + "set_after_recovery"),
                db=self._work.db,
                username=username,
                password=password,
                then=lambda _nothing: self.chosen.emit(username, password),
                failed=page.refuse,
            )
        )
        self._window.show_page(page)

    def ask_code(self, username: str) -> None:
        """Somebody has forgotten the password and has a code, or wants one by e-mail."""
        page: ForgottenPage = load("clinic_desktop.ui.screens.login.forgotten:ForgottenPage")(username)
        self._asking = page
        page.left.connect(lambda: self._door.go_on() if self._work.is_open else self._door.closed.emit(None))
        page.entered.connect(lambda name, code, new: self._reset(page, name, code, new))
        page.mail_wanted.connect(lambda name: self._ask_for_mail(page, name))
        self._window.show_page(page)
        self.look_for_mail()

    @property
    def is_asking(self) -> bool:
        """Whether somebody types a code: data that opens meanwhile is used for it, and the page stays."""
        return self._asking is not None and self._asking is self._window.centralWidget()

    def look_for_mail(self) -> None:
        """Offer a mail where the data is open and can tell that the clinic sends any."""
        page = self._asking
        if page is not None and self.is_asking and self._work.is_open:
            self._work.call(page, late(_FORGOTTEN + "can_mail"), db=self._work.db, then=page.offer_mail)

    def _ask_for_mail(self, page: ForgottenPage, name: str) -> None:
        def asked(_nothing: object) -> None:
            page.say_mailed()

        self._work.call(page, late(_FORGOTTEN + "ask_for_mail"), db=self._work.db, name=name, then=asked, failed=page.refuse)

    def _reset(self, page: ForgottenPage, username: str, code: str, new: str) -> None:
        def reset() -> None:
            asked: dict[str, Any] = {"username": username, "code": code, "new": new}
            self._work.call(page, late(_FORGOTTEN + "reset"), db=self._work.db, **asked, then=lambda _nothing: done(), failed=page.refuse)

        def done() -> None:
            self._door.go_on(then=lambda: self.chosen.emit(username, new))

        def opened(found: Opened) -> None:
            self._door.attach(found.db)
            reset()

        if self._work.is_open:
            reset()
        else:
            self._door.call("open_with_code", username=username, code=code, then=opened, failed=self._door.refusal_on(page))
