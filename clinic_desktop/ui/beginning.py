"""The beginning of a clinic on this computer: set up anew, joined, restored, or looked at with demo data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.address import ServerAddress, file_of, is_encrypted_file, is_server
from clinic_desktop.ui.chaining import Chaining
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.widgets.dialogs import tell

if TYPE_CHECKING:
    from clinic_desktop.kernel.security import Actor
    from clinic_desktop.ui.door import Door
    from clinic_desktop.ui.founding import Founded
    from clinic_desktop.ui.joining import Joined
    from clinic_desktop.ui.moving import Arrived
    from clinic_desktop.ui.opening import Opened
    from clinic_desktop.ui.screens.setup.flow import Setup
    from clinic_desktop.ui.screens.setup.join import JoinPage, ServerPage
    from clinic_desktop.ui.screens.setup.serve import ServePage
    from clinic_desktop.ui.serving import Served

_SETUP = "clinic_desktop.ui.screens.setup."
_OWNER_THERE = '{"step": "recovery", "done": ["you"], "typed": {}}'
"""Where the set-up begins for an owner whose account the server's set-up has made."""
_JOINING = "clinic_desktop.ui.joining:"


class Beginning(QObject):
    """``founded`` when a clinic was set up; all other ways end with an open database at the ``Door``."""

    founded = Signal(object)

    def __init__(self, door: Door, demo: Callable[..., Any]) -> None:
        super().__init__(door)
        self._door, self._demo = door, demo
        self._window, self._work = door.window, door.work
        self.setup: Setup | None = None
        self.chaining = Chaining(door)

    def show_choice(self) -> None:
        """Ask how to begin."""
        demo = file_of(self._demo_url())
        page = load(_SETUP + "choose:ChoosePage")(has_demo=demo is not None and demo.exists())
        ways = {"new": self.begin_setup, "serve": self.serve, "join": self.join, "restore": self.restore, "demo": self._show_demo}
        ways["chain"] = self.chaining.begin
        page.chosen.connect(lambda way: ways[way]())
        page.language_chosen.connect(self._door.preferences.set_language)
        self._window.show_page(page)

    def rebuild(self) -> None:
        """Another language or theme was chosen on the first page."""
        if type(self._window.centralWidget()).__name__ == "ChoosePage":
            self.show_choice()

    # A new clinic

    def begin_setup(self, kept: str | None = None, *, has_keys: bool | None = None) -> None:
        """Run the set-up, from its beginning or from where it was interrupted."""
        url = self._door.url
        keys = is_encrypted_file(url) or is_server(url) if has_keys is None else has_keys
        if kept is None and self._work.actor is not None:
            kept = _OWNER_THERE
        setup = self.setup = load(_SETUP + "flow:Setup")(self._work, url, self, kept=kept, has_keys=keys)
        setup.left.connect(self._leave_setup)
        setup.finished.connect(self._founded)
        self._window.show_page(setup.page)
        setup.start()

    def end(self) -> None:
        """Keep what is typed into the set-up, and wait for no server."""
        self.chaining.end()
        if self.setup is not None:
            self.setup.keep()
            self._end_setup()

    def _leave_setup(self) -> None:
        self._end_setup()
        self.show_choice()

    def _founded(self, founded: Founded) -> None:
        self._end_setup()
        self.founded.emit(founded)

    def _end_setup(self) -> None:
        if self.setup is not None:
            self.setup.stop()
            self.setup = None

    # A clinic on a server

    def serve(self) -> None:
        """Make this computer the clinic's server."""
        page: ServePage = load(_SETUP + "serve:ServePage")()
        page.left.connect(self._door.back)
        page.entered.connect(lambda full_name, username, password: self._serve(page, full_name, username, password))
        self._window.show_page(page)

    def _serve(self, page: ServePage, full_name: str, username: str, password: str) -> None:
        self._work.call(
            page,
            late("clinic_desktop.ui.serving:serve_here"),
            full_name=full_name,
            username=username,
            password=password,
            then=self._served,
            failed=page.refuse,
        )

    def _served(self, found: Served) -> None:
        self._door.take(found.joined.url, found.joined.opened)
        if found.trouble is not None:
            text = _("The computers can join and work. But none keeps a copy, and backups are made only while the program is open here.")
            tell(self._window, _("The service beside the server does not run"), f"{text}\n\n{found.trouble.params['said']}")

    def join(self) -> None:
        """Ask for the server's address and a joining code."""
        page: JoinPage = load(_SETUP + "join:JoinPage")()
        page.left.connect(self._door.back)
        page.other_way.connect(self._join_as_user)
        page.entered.connect(lambda address, code: self._join_with_code(page, address, code))
        self._window.show_page(page)

    def _join_with_code(self, page: JoinPage, address: str, code: str) -> None:
        def joined(found: Joined) -> None:
            self._door.take(found.url, found.opened)

        joining = late(_JOINING + "join_with_code")
        self._work.call(page, joining, address=address, code=code, then=joined, failed=page.refuse)

    def _join_as_user(self) -> None:
        """Ask where the server is and who this computer is there."""
        page: ServerPage = load(_SETUP + "join:ServerPage")()
        page.left.connect(self.join)
        page.tested.connect(lambda address, password: self._test(page, address, password))
        page.entered.connect(lambda address, password: self._join(page, address, password))
        self._window.show_page(page)

    def _test(self, page: ServerPage, address: ServerAddress, password: str) -> None:
        self._work.call(
            page,
            late(_JOINING + "look"),
            url=address.url(),
            password=password,
            then=page.say_found,
            failed=page.refuse,
            settled=lambda: page.wait(False) if page.button.is_busy else None,
        )

    def _join(self, page: ServerPage, address: ServerAddress, password: str) -> None:
        def joined(found: Opened) -> None:
            self._door.take(address.url(), found)

        self._work.call(page, late(_JOINING + "join"), url=address.url(), password=password, then=joined, failed=page.refuse)

    def ask_server_password(self) -> None:
        """This computer keeps no password for its server, or a wrong one."""
        url = self._door.url
        page = load(_SETUP + "join:ServerPasswordPage")(url.rpartition("@")[2].partition("?")[0])
        page.left.connect(self.show_choice)
        page.entered.connect(
            lambda password: self._work.call(
                page,
                late(_JOINING + "join"),
                url=url,
                password=password,
                then=lambda found: self._door.take(url, found),
                failed=page.refuse,
            )
        )
        self._window.show_page(page)

    # A clinic from a backup

    def restore(self) -> None:
        """Ask for a backup and what opens it."""
        restoring = load("clinic_desktop.ui.screens.setup.restore:Restoring")(self._window, self._work, self._door.url, self)
        restoring.left.connect(self._door.back)
        restoring.finished.connect(self._door.start)
        restoring.start()

    def bring_back(self, wanted: Any, by: str, zone: str) -> None:
        """Restore over the open database, whose desk was left; it opens again, restored or as it was, and that is told."""

        def tell_it(title: str, text: str) -> None:
            if title:
                tell(self._window, title, text)

        def restored(title: str, text: str) -> None:
            self._door.start()
            tell_it(title, text)

        bringing = load("clinic_desktop.ui.screens.backups.bringing:Bringing")(self._window, self._work, wanted, by, zone, self)
        bringing.finished.connect(restored)
        bringing.left.connect(lambda title, text: self._door.go_on(then=lambda: tell_it(title, text)))

    def move(self, wanted: Any, by: Actor) -> None:
        """Move the clinic to a server; it opens there, or here as it was, and that is told."""

        def moved(found: Arrived) -> None:
            self._door.take(found.url, found.opened)
            tell(self._window, *moving.words(found))

        def stayed(title: str, text: str) -> None:
            def tell_it() -> None:
                if title:
                    tell(self._window, title, text)

            self._door.go_on(then=tell_it)

        moving = load("clinic_desktop.ui.screens.organisation.moving:Moving")(self._window, self._work, wanted, by, self)
        moving.finished.connect(moved)
        moving.left.connect(stayed)

    # The demo clinic

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo clinic in its own file."""
        file = file_of(self._door.url)
        return file is not None and is_encrypted_file(self._door.url) and file.stem.endswith("-demo")

    def leave_demo(self) -> None:
        """Back to the choice how to begin; the demo clinic stays where it is."""
        file = file_of(self._door.url)
        assert file is not None
        display = self._work.findChild(QObject, "display")
        if display is not None:  # the waiting room has seen what was made up, too
            display.deleteLater()
        self._work.db.close()
        self._work.detach()
        self._door.url = self._door.home = f"sqlcipher:///{file.with_name(file.name.replace('-demo.', '.')).as_posix()}"
        self._door.start()

    def _demo_url(self) -> str:
        """The demo's own file beside the clinic's: what is made up never mixes with what is real."""
        file = file_of(self._door.url)
        if file is None or not is_encrypted_file(self._door.url) or self.is_demo:
            return self._door.url
        return f"sqlcipher:///{file.with_name(f'{file.stem}-demo{file.suffix}').as_posix()}"

    def _show_demo(self) -> None:
        if self._work.is_open:
            self._fill()
            return
        self._door.url = self._door.home = self._demo_url()
        self._window.show_page(WaitPage(_("Opening the demo clinic…")))
        self._door.call("open_demo", then=self._demo_opened, failed=self._door.say_trouble)

    def _demo_opened(self, found: Opened) -> None:
        self._work.attach(found.db)
        if found.clinics:
            self._door.opened.emit(found)
        else:
            self._fill()

    def _fill(self) -> None:
        progress = Progress(self)
        page = WaitPage(_("Making up a clinic…"), cancel=progress.cancel)
        progress.advanced.connect(page.advance)
        self._window.show_page(page)
        fill = late("clinic_desktop.ui.entering:fill_with_demo")

        def settled() -> None:
            progress.deleteLater()
            if self._window.centralWidget() is page:  # it was cancelled, and everything taken back
                self.show_choice()

        self._work.background(self, fill, progress=progress, db=self._work.db, demo=self._demo, then=self._filled, settled=settled)

    def _filled(self, report: Any) -> None:
        names, password = ", ".join(report.usernames), report.password
        text = _("Log in as one of: {names}.\n\nThe password of all of them:\n{password}").format(names=names, password=password)
        self._door.go_on()
        tell(self._window, _("The demo clinic is ready"), text)
