"""The quick look at a whole change lets through just what the look at each value takes; rounds with nothing new write nothing."""

from __future__ import annotations

import msgspec
import pytest

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.capture import VERSION
from clinic_desktop.kernel.journal import DELETE, INSERT, UPDATE, canonical
from clinic_desktop.sync.checking import plain_values
from clinic_desktop.sync.outbox import own_changes, without_version
from clinic_desktop.sync.shapes import Shape, shapes
from tests.benchmarks.bench import statements
from tests.sync.chain import Chain
from tests.sync.houses import ON_FILES, Houses

KEY = "0198c0de-0000-7000-8000-000000000001"
GOOD = {
    "uuid": KEY,
    "text": 'ä "quoted" \\ line\n',
    "whole": -(1 << 63),
    "bool": True,
    "instant": "2026-03-02T08:00:00.500000Z",
    "date": "2026-03-02",
    "time": "08:30:00",
    "bytes": "AAEC",
}
BAD = {
    "uuid": (KEY.upper(), KEY.replace("-", ""), "x", 1),
    "text": (1, "a\0b"),
    "whole": (1 << 63, 1.0, "1", True),
    "bool": (1, "true"),
    "instant": ("2026-03-02T08:00:00.5Z", "2026-03-02T10:00:00+02:00", "2026-03-02T08:00:00", "2026-03-02 08:00:00Z"),
    "date": ("2026-3-2", "2026-02-30", "2026-03-02T00:00:00"),
    "time": ("08:30", "08:30:00Z"),
    "bytes": ("AAE", "AA==AA", "A A="),
}


def whole(shape: Shape) -> dict[str, object]:
    return {name: GOOD[shape.kinds[name]] for name in shape.moving if name not in shape.secrets}


@pytest.mark.parametrize("operation", [INSERT, UPDATE, DELETE])
def test_every_column_of_every_table_is_taken_as_it_is_spelled(operation: str) -> None:
    for shape in shapes().values():
        told = {name: [None, value] for name, value in whole(shape).items()} if operation == UPDATE else whole(shape)
        assert plain_values(shape, operation, canonical(told), is_whole=False) == told, shape.name


@pytest.mark.parametrize("operation", [INSERT, UPDATE])
def test_what_is_spelled_otherwise_is_looked_at_closely(operation: str) -> None:
    tried = set()
    for shape in shapes().values():
        for name, kind in shape.kinds.items():
            if name in shape.moving and (kind, name == shape.key) not in tried:
                tried.add((kind, name == shape.key))
                for bad in BAD[kind]:
                    told = {name: [None, bad] if operation == UPDATE else bad}
                    assert plain_values(shape, operation, canonical(told), is_whole=False) is None, (kind, bad)
    assert {kind for kind, _ in tried} == set(BAD)
    patients = shapes()["patients"]
    for text in ('{"city":"a","address":"b"}', '{"city": "a"}', '{"city":null}', '{"unknown":1}', f'{{"{VERSION}":1}}', "[]", "{"):
        assert plain_values(patients, INSERT, text, is_whole=False) is None, text


@pytest.mark.parametrize(
    "values",
    [
        {VERSION: 12, "address": f',"{VERSION}":1,', "zone": 1},
        {"address": f'"{VERSION}":7', VERSION: [3, 4]},
        {VERSION: 1, "zone": [VERSION, None]},
        {VERSION: 1},
        {"address": VERSION},
    ],
)
def test_a_row_travels_without_its_version_and_as_it_is_otherwise(values: dict[str, object]) -> None:
    assert msgspec.json.decode(without_version(canonical(values))) == {name: one for name, one in values.items() if name != VERSION}


def test_a_round_with_nothing_new_writes_nothing_at_either_end(chain: Chain) -> None:
    chain.settle()
    chain.sync()
    for code, site in chain.sites.items():
        with statements(chain.central) as there, statements(site.database) as here:
            assert chain.sync(code)[0].is_complete
        told = [text for text in (*there.texts, *here.texts) if not text.startswith(("SELECT", "SET", "BEGIN"))]
        assert told == [], code
        assert (len(there), len(here)) <= (1, 4), code


@ON_FILES
def test_own_work_after_a_quiet_time_is_sent_at_once(houses: Houses) -> None:
    """What a site remembers of having sent everything is no reason to send nothing."""
    houses.chain.settle()
    houses.chain.sync()
    patient_id = houses.main.register("Late")
    assert houses.chain.sync("MAIN")[0].pushed == 1
    houses.chain.sync("NORTH")
    houses.north.write(Patient, patient_id, remarks="seen at north")
    assert houses.chain.sync("NORTH")[0].pushed == 1
    houses.chain.sync("MAIN")
    assert houses.main.read(Patient, patient_id).remarks == "seen at north"
    with houses.main.db.read() as session:
        assert own_changes(session.connection(), houses.chain.sites["MAIN"]._looked, 1) == []
