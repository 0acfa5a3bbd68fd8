"""This computer serves the clinic: a server of its own, a clinic in it with its first owner, and this computer as the first that joins.

Imported on the database thread.
"""

from __future__ import annotations

from clinic_desktop.clinic.access.computers import invite
from clinic_desktop.clinic.access.rules import check_password, username_form
from clinic_desktop.clinic.server_setup import add_first_administrator, serve, within
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.lan.backing import make_backup_login
from clinic_desktop.kernel.lan.joining import LanAddress
from clinic_desktop.kernel.lan.names import DATABASE
from clinic_desktop.kernel.lan.running import administrator_url, default_folder, free_port, start
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.joining import Joined, join_with_code


def serve_here(*, full_name: str, username: str, password: str) -> Joined:
    """Run the server, set the clinic up with its first owner, and join it; raises InvalidInput before anything is made."""
    check_password(password, username=username_form(username))
    folder = default_folder()
    port = start(folder, port=free_port()).port
    url = administrator_url(folder)
    serve(url, DATABASE, apply=True)
    make_backup_login(url, DATABASE)
    add_first_administrator(url, DATABASE, username=username, full_name=full_name, password=password)
    opened = Database.open(within(url, DATABASE))
    try:
        code = invite(opened, Actor.system("set-up")).code
    finally:
        opened.close()
    return join_with_code(str(LanAddress("127.0.0.1", port)), code)
