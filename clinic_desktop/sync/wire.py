"""What travels: msgpack in a zstandard frame. No sender is trusted about sizes, types or times."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
import zstandard

from clinic_desktop.sync.errors import Refused

PROTOCOLS = (1, 1)
"""The oldest and the newest protocol that this program speaks."""
MOST_BYTES = 32 << 20
"""Of one body, unpacked."""
PAGE_BYTES = 1 << 20
"""About how much one page of change sets holds, unpacked; a change set is never split."""
SLICE_ROWS = 20_000
"""About how many rows are held against central's at once."""
LEVEL = 3

T = TypeVar("T")
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
"""A row's key as the journal spells it."""


class WireRow(NamedTuple):
    """One touched row, as the journal tells it; ``changes`` is JSON."""

    table: str
    key: Key
    operation: str
    changes: str


class WireSecret(NamedTuple):
    """A value that the journal does not show: of which row of the change set and field, as JSON."""

    ordinal: int
    field: str
    value: str


class Origin(NamedTuple):
    """Where a change set was made, and its place there."""

    site_id: UUID
    database_id: UUID
    seq: int
    hlc: int
    hash: bytes


class WireChange(msgspec.Struct, frozen=True, array_like=True):
    """One change set. ``seq`` and ``hash`` are those of the sender's journal, ``after`` the sender's one before it that travels."""

    seq: int
    after: int
    hlc: int
    hash: bytes
    at: datetime
    actor_id: UUID | None
    actor_name: str
    workstation_id: UUID | None
    command: str
    reason: str | None
    rows: list[WireRow]
    secrets: list[WireSecret] = []
    origin: Origin | None = None
    """Where central passes on what a site made."""
    echo: int = 0
    """Not 0: central's word on the reader's own change set of this sequence; its rows are notes, or none."""
    is_whole: bool = False
    """Its rows are whole ones with when they were made. Never set by another computer."""


class Hello(msgspec.Struct, frozen=True):
    """A site introduces itself: what it speaks, what it knows to have been taken, and how far it has read."""

    protocols: tuple[int, int]
    revision: str
    central_id: UUID | None
    pushed_seq: int
    pushed_hash: bytes
    pulled_seq: int
    pulled_hash: bytes
    head_seq: int
    formers: list[tuple[UUID, int]] = []
    """The databases that this one was, the newest first, each with its newest change set that is here, too."""
    has_sent: bool = False
    """Of its own nothing is left to send."""
    detached_at: datetime | None = None
    """Of a copy of this very database: since when people work on it."""


class Welcome(msgspec.Struct, frozen=True):
    """Central's answer: what it has of this site, and where its own journal stands."""

    protocol: int
    revision: str
    central_id: UUID
    now: datetime
    taken_seq: int
    taken_hash: bytes
    head_seq: int
    head_hash: bytes = b""
    read_to: int = -1
    """Where central itself came back from a backup: how far of what the site has read is still so; -1: all of it."""
    read_hash: bytes = b""


class Push(msgspec.Struct, frozen=True, array_like=True):
    """A page of a site's own change sets, in order."""

    revision: str
    changes: list[WireChange]
    database_id: UUID | None = None
    """Whose they are: the sequences of a database and of the one that was restored in its place are the same numbers."""


class Parked(NamedTuple):
    """A change set that could not be taken, and why."""

    seq: int
    reason: str
    detail: str


class Taken(msgspec.Struct, frozen=True, array_like=True):
    """How far a push was taken for good, and what of it waits for a person."""

    taken_seq: int
    taken_hash: bytes
    parked: list[Parked] = []


class Pull(msgspec.Struct, frozen=True, array_like=True):
    """What a site asks for: central's change sets after this one, which has this hash."""

    after: int
    hash: bytes
    most_bytes: int = PAGE_BYTES
    owns: list[tuple[UUID, int]] = []
    """This database and those that it was, each with its newest change set that is there: of those only central's word is wanted."""
    upto: int = (1 << 63) - 1
    """Not further than to this sequence."""


class Page(msgspec.Struct, frozen=True, array_like=True):
    """Central's change sets in order; ``through`` is how far they reach."""

    changes: list[WireChange]
    through: int
    hash: bytes
    head_seq: int


class AskDigests(msgspec.Struct, frozen=True, array_like=True):
    """What does central hold after this key of this table? Without a table from the first one on."""

    table: str = ""
    after: UUID | None = None
    most_rows: int = SLICE_ROWS
    has_differed: bool = False
    """Before this place something was found that was not as central has it."""


class Part(NamedTuple):
    """Rows of one table after a key up to another (None: from its beginning, to its end); by bucket how many, and the sum of hashes."""

    table: str
    after: UUID | None
    through: UUID | None
    buckets: list[tuple[int, int, bytes]]


class Digests(msgspec.Struct, frozen=True, array_like=True):
    """What follows a place, as it is at ``head_seq``, and the place after it; None: that was the last."""

    head_seq: int
    parts: list[Part]
    following: tuple[str, UUID | None] | None


class AskHashes(msgspec.Struct, frozen=True, array_like=True):
    """Which rows are in these buckets of a table, after one key up to another?"""

    table: str
    buckets: list[int]
    after: UUID | None = None
    through: UUID | None = None


class Hashes(msgspec.Struct, frozen=True, array_like=True):
    """Key and hash of each row."""

    head_seq: int
    rows: list[tuple[UUID, bytes]]


class Mark(NamedTuple):
    """The newest change set of a database that touched a row."""

    key: UUID
    database_id: UUID
    seq: int


class AskRows(msgspec.Struct, frozen=True, array_like=True):
    """The rows of these keys; without keys those after one, in the order of keys, as many as fit a page."""

    table: str
    keys: list[UUID] = []
    after: UUID | None = None
    most_bytes: int = PAGE_BYTES
    marks: list[Mark] = []
    """By whom the asking site has them as they are there."""


class Rows(msgspec.Struct, frozen=True, array_like=True):
    """Whole rows as JSON, as they are at ``head_seq``; ``is_last``: there are none after these."""

    head_seq: int
    rows: list[tuple[UUID, str]]
    is_last: bool
    aside: list[UUID] = []
    """Rows of that table that are not to be made like these: change sets of the asking site that central has set aside touch them, or
    some by which that site has them have not come to central again since it was restored."""
    empty: list[str] = []
    """Tables after this one, in central's order, without any row at ``head_seq``: nobody needs to ask for them."""


class AskDocument(msgspec.Struct, frozen=True, array_like=True):
    """A part of a document's bytes."""

    sha256: str
    offset: int


class DocumentPart(msgspec.Struct, frozen=True, array_like=True):
    """Bytes of a document from an offset on; ``total`` is its size."""

    total: int
    data: bytes


class KeepDocument(msgspec.Struct, frozen=True, array_like=True):
    """A part of a document that the other side is to keep; without data only the question how much of it is there."""

    sha256: str
    total: int
    offset: int
    data: bytes = b""


class KeptDocument(msgspec.Struct, frozen=True, array_like=True):
    """How many bytes of it are there; all of them once it was verified."""

    has: int


def pack(body: Any) -> bytes:
    """A body as it travels."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(msgspec.msgpack.encode(body))


def unpack(kind: type[T], body: bytes, *, most_bytes: int = MOST_BYTES) -> T:
    """A body as it was; raises Refused(malformed or oversized) before memory is spent on it."""
    try:
        size = zstandard.frame_content_size(body)
        if size < 0 or size > most_bytes:
            raise Refused("oversized", most=most_bytes)
        raw = zstandard.ZstdDecompressor().decompress(body, max_output_size=most_bytes, allow_extra_data=False)
        return msgspec.msgpack.decode(raw, type=kind)
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise Refused("malformed", detail=type(error).__name__) from error
