"""A central server comes back on another machine, from its backup and the journal that was saved since."""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.backup.routine import back_up, save_journal
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.server.folder import read_config, write_config
from clinic_desktop.sync import enrolment
from clinic_desktop.sync.wire import Welcome, unpack
from tests.databases import PASSPHRASE
from tests.server.serving import serving, started
from tests.server.test_doors import hello, refusal


def test_a_central_that_came_back_knows_who_joined_since_and_is_known_by_its_pin(tmp_path: Path) -> None:
    shelf, secret = tmp_path / "backups", Passphrase(PASSPHRASE)
    shelf.mkdir()
    with serving("sqlite", tmp_path / "lost") as served:
        used = served.code(code="LATE")
        back_up(served.database, shelf, reason="test")
        late, gone = served.joined(by=used), served.joined()
        runner = late.runner()
        before = unpack(Welcome, runner.ask("hello", hello())).central_id
        served.database.run(enrolment.operator(), enrolment.revoke, site_id=gone.enrolled.site_id, reason="The computer was stolen")
        save_journal(served.database, shelf)
        known = read_config(served.central.folder)

    place = tmp_path / "again" / "central"
    place.mkdir(parents=True)
    url = f"sqlcipher:///{place / 'central.db'}"
    restore(plan_restore(shelf, secret, system_clock()), url, secret)
    write_config(place, msgspec.structs.replace(known, database=url))
    with started(place.parent, served.founded, "--port", str(served.port)) as again:
        assert again.central.pin == served.pin
        welcome = unpack(Welcome, runner.ask("hello", hello()))  # the program went on meanwhile, with the token and the fence of before
        assert welcome.central_id not in (None, before)
        assert refusal(gone.runner().ask, "hello", hello()) == "revoked"
        assert refusal(again.enrol, used, Ed25519PrivateKey.generate(), late.database_id) == "code_wrong"
        served.rest()
