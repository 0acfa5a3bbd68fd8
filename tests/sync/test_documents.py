"""The bytes of documents travel by themselves: in parts that go on, verified when whole, and fetched again when they were wrong."""

from __future__ import annotations

from hashlib import sha256
from random import Random

import pytest
from sqlalchemy import delete, select, update

from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import UserPassword
from clinic_desktop.kernel.store import store_of
from clinic_desktop.sync.comparing import compare
from clinic_desktop.sync.documents import MOST_TRIES, PART_BYTES, Documents
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.loading import load
from clinic_desktop.sync.models import SyncDocument, SyncLink
from clinic_desktop.sync.runner import Runner
from clinic_desktop.sync.wire import DocumentPart, KeepDocument, pack, unpack
from tests.sync.chain import Chain, Direct

SCAN = Random(5).randbytes(3 * PART_BYTES + 17)


def unlocked(*databases: Database) -> None:
    """A server keeps documents only sealed: give each one a key."""
    for one in databases:
        if one.address.file is None and one.data_key is None:
            one.vault.add(UserPassword("owner", "a long password of the owner"))


def kept(chain: Chain, data: bytes = SCAN) -> str:
    """A scan at the first site, its record on its way."""
    unlocked(chain.central, *(site.database for site in chain.sites.values()))
    database = chain.sites["MAIN"].database
    name = store_of(database).put(data)
    with database.write(chain.world.system()) as tx:
        tx.command = "test"
        tx.add(Document(sha256=name, media_type="image/png", size_bytes=len(data), location="stored"))
    return name


def waiting(database: Database) -> list[tuple[str, bool]]:
    with database.read() as session:
        return [(one.sha256, one.is_fetched) for one in session.scalars(select(SyncDocument))]


def documents(chain: Chain, code: str, channel: Direct | None = None) -> Documents:
    site = chain.sites[code]
    return Documents(site.database, channel or site.channel)


class Cutting(Direct):
    """A way that is cut after so many questions."""

    left = 0

    def ask(self, verb: str, body: bytes) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise Offline(reason="cut")
        self.asked = (*getattr(self, "asked", ()), (verb, body))
        return super().ask(verb, body)


def cutting(chain: Chain, code: str, after: int) -> Cutting:
    made = Cutting(chain.central, chain.sites[code].database)
    made.left = after
    return made


def test_36_a_document_that_was_cut_goes_on_and_records_wait_for_nothing(chain: Chain) -> None:
    name = kept(chain)
    chain.sync()
    assert waiting(chain.sites["MAIN"].database) == [(name, False)]
    assert waiting(chain.sites["NTH"].database) == [(name, True)]
    assert chain.differences() == [], "the record is there before its bytes"

    with pytest.raises(Offline):
        documents(chain, "MAIN", cutting(chain, "MAIN", 3)).step()
    again = cutting(chain, "MAIN", 99)
    assert documents(chain, "MAIN", again).step() == 1
    sent = [unpack(KeepDocument, body).offset for _, body in again.asked]
    assert sent == [0, 2 * PART_BYTES, 3 * PART_BYTES], "what had come was sent again"
    assert store_of(chain.central).get(name) == SCAN

    with pytest.raises(Offline):
        documents(chain, "NTH", cutting(chain, "NTH", 2)).step()
    assert documents(chain, "NTH").fetch(name) == SCAN  # somebody opens it
    assert waiting(chain.sites["MAIN"].database) == waiting(chain.sites["NTH"].database) == []


def test_36_a_document_that_is_missing_or_corrupt_is_fetched_again(chain: Chain) -> None:
    name = kept(chain)
    chain.sync()
    with pytest.raises(Refused, match="document_missing"):
        documents(chain, "NTH").fetch(name)  # central has not got the bytes yet
    assert documents(chain, "NTH").step() == 0
    assert waiting(chain.sites["NTH"].database) == [(name, True)]
    documents(chain, "MAIN").step()

    class Corrupting(Direct):
        def ask(self, verb: str, body: bytes) -> bytes:
            part = unpack(DocumentPart, super().ask(verb, body))
            return pack(DocumentPart(part.total, part.data[:-1] + b"?"))

    north = chain.sites["NTH"].database
    with pytest.raises(Refused, match="document_damaged"):
        documents(chain, "NTH", Corrupting(chain.central, north)).fetch(name)
    assert not store_of(north).has(name)
    assert documents(chain, "NTH").step() == 1
    assert store_of(north).get(name) == SCAN


def test_central_takes_no_document_under_a_wrong_name(chain: Chain) -> None:
    kept(chain)
    wrong = sha256(b"something else").hexdigest()
    with pytest.raises(Refused, match="document_damaged"):
        chain.sites["NTH"].channel.ask("keep", pack(KeepDocument(wrong, 5, 0, b"wrong")))
    assert not store_of(chain.central).has(wrong)
    with pytest.raises(Refused, match="oversized"):
        chain.sites["NTH"].channel.ask("keep", pack(KeepDocument(wrong, 1 << 40, 0, b"x")))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_bytes_of_rows_that_come_whole_are_fetched_and_tried_again_after_a_proof(chain: Chain) -> None:
    """By a first load, and by a repair; a document that failed too often is tried again once both ends were compared."""
    name = kept(chain)
    chain.sync("MAIN")
    site = chain.sites["NTH"]
    load(site)
    north = site.database
    assert waiting(north) == [(name, True)]
    with north.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(update(SyncDocument).values(tries=MOST_TRIES))
        connection.execute(update(SyncLink).values(proved_at=None))
    documents(chain, "MAIN").step()
    runner = Runner(north, site.channel)
    runner.once()  # asks for nothing that failed so often, but proves
    assert waiting(north) == [(name, True)]
    runner.once()
    assert waiting(north) == []
    assert store_of(north).get(name) == SCAN

    with north.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(delete(Document).where(Document.sha256 == name))
    assert [one.what for one in compare(site).repairs] == ["missing"]
    assert waiting(north) == [(name, True)]
