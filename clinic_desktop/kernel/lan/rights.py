"""What the groups of a clinic's database may do with which table, as the statements that grant it.

Who holds a permission is in the group of its name; what a group may do is what the permission's commands were seen to do.
The limits of it: grants know tables and columns, not rows or amounts. Whoever logs in with SQL instead of the program acts within
the tables that their own work needs: a cashier can insert a payment by hand, but change or remove none, and reads no clinical note.
Append-only tables are never granted for change or removal, and nobody but the owner changes the schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.tables import append_only_tables

INSERT, CHANGE, DELETE, LOCK = "insert", "change", "delete", "lock"
LOCKED_BY = "row_version"
"""A row is locked only by whoever may change a column of it: this one says nothing about anybody."""
JOURNAL = "audit_logs"
_HEARD = "seq, ordinal, entity_type, entity_id, operation"
"""What a computer hears of others' commits: which rows, not what was written."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The rule of every table: who writes it, and who reads it where not everybody does."""

    door: Mapping[str, frozenset[str]]
    """What every person and computer writes, by table: the journal, and what logging in takes."""
    door_columns: Mapping[str, tuple[str, ...]]
    """Of a table that the door changes, the columns; all of them where it is not named."""
    door_reads: frozenset[str]
    """What of the departments' tables a computer reads before anybody has logged in; the program's own it reads too."""
    departmental: frozenset[str]
    """The tables of the departments."""
    groups: Mapping[str, Mapping[str, frozenset[str]]]
    """What the holders of a permission write, by permission and table."""
    sealed: Mapping[str, frozenset[str]]
    """Tables that only the holders of these permissions read."""
    devices: Mapping[str, frozenset[str]]
    """What a computer writes by itself, beside the door."""
    backup: Mapping[str, frozenset[str]]
    """What backups write; they read everything."""
    service: Mapping[str, frozenset[str]]
    """What the service writes, that speaks with copies and with a chain's central: it reads everything."""
    auditors: frozenset[str] = field(default_factory=frozenset)
    """Permissions whose holders read every entry of the journal."""

    @property
    def ruled(self) -> frozenset[str]:
        """The tables that somebody writes or that are read by some only."""
        written = [self.door, self.devices, self.backup, *self.groups.values()]
        return frozenset().union(*written, self.sealed)


def grants(rights: Rights, database: str, tables: frozenset[str]) -> list[str]:
    """The statements that take every grant away and give exactly these, on the tables that are there."""
    rights = _within(rights, tables)
    staff, devices, backup = names.staff(database), names.devices(database), names.backup(database)
    groups = {code: names.group(database, code) for code in rights.groups}
    service = names.service(database)
    everybody = ", ".join(_quoted(one) for one in (staff, devices, backup, service, *sorted(groups.values())))
    said = [f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {everybody}"]
    said += ["REVOKE ALL ON SCHEMA public FROM PUBLIC", f"GRANT USAGE ON SCHEMA public TO {everybody}"]
    said += [f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {everybody}"]
    said += [f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {_quoted(backup)}, {_quoted(service)}"]
    said += [f'GRANT SELECT ON "{name}" TO {_quoted(staff)}' for name in sorted(tables) if name not in rights.sealed]
    for name, holders in sorted(rights.sealed.items()):
        said += [f'GRANT SELECT ON "{name}" TO {_quoted(groups[code])}' for code in sorted(holders)]
    said += [f'GRANT SELECT ON "{name}" TO {_quoted(devices)}' for name in sorted(_read_at_the_door(rights, tables))]
    said += [f"GRANT SELECT ({_HEARD}) ON {JOURNAL} TO {_quoted(devices)}"]
    for member in (staff, devices):
        said += list(_writing(rights.door, member, rights.door_columns))
    for member, written in ((devices, rights.devices), (backup, rights.backup), (service, rights.service)):
        said += list(_writing(written, member, {}))
    for code, written in sorted(rights.groups.items()):
        said += list(_writing(written, groups[code], {}))
    return said + _policies(rights, database)


def _read_at_the_door(rights: Rights, tables: frozenset[str]) -> frozenset[str]:
    own = tables - rights.departmental - rights.sealed.keys() - {JOURNAL}
    return own | (rights.door_reads & tables)


def _within(rights: Rights, tables: frozenset[str]) -> Rights:
    def kept(written: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        return {name: operations for name, operations in written.items() if name in tables}

    return replace(
        rights,
        door=kept(rights.door),
        door_reads=rights.door_reads & tables,
        groups={code: kept(written) for code, written in rights.groups.items()},
        sealed=kept(rights.sealed),
        devices=kept(rights.devices),
        backup=kept(rights.backup),
        service=kept(rights.service),
    )


def _writing(written: Mapping[str, Iterable[str]], member: str, columns: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    frozen = frozenset(append_only_tables())
    for name, operations in sorted(written.items()):
        wanted = set(operations)
        if name in frozen and wanted & {CHANGE, DELETE, LOCK}:
            raise ValueError(f"{name} is append-only: {member} may not change it")
        verbs = []
        if INSERT in wanted:
            verbs.append("INSERT")
        if CHANGE in wanted:
            verbs.append("UPDATE" + _columns(columns.get(name, ())))
        elif LOCK in wanted:
            verbs.append("UPDATE" + _columns((LOCKED_BY,)))
        if DELETE in wanted:
            verbs.append("DELETE")
        yield f'GRANT {", ".join(verbs)} ON "{name}" TO {_quoted(member)}'


def _columns(wanted: tuple[str, ...]) -> str:
    return f" ({', '.join(wanted)})" if wanted else ""


def _policies(rights: Rights, database: str) -> list[str]:
    """The journal repeats what was written: of a sealed table only those who read it read the entries."""
    staff, backup, service = (_quoted(kind(database)) for kind in (names.staff, names.backup, names.service))
    sealed = ", ".join(f"'{name}'" for name in sorted(rights.sealed))
    readers = sorted({code for holders in rights.sealed.values() for code in holders})
    said = [f"ALTER TABLE {JOURNAL} ENABLE ROW LEVEL SECURITY"]
    rules = {
        "lan_writes": f"FOR INSERT TO {staff}, {_quoted(names.devices(database))}, {backup}, {service} WITH CHECK (true)",
        "lan_reads": f"FOR SELECT TO {staff} USING (operation = 'N' OR entity_type NOT IN ({sealed}))",
        "lan_hears": f"FOR SELECT TO {_quoted(names.devices(database))} USING (true)",
        "lan_backup": f"FOR SELECT TO {backup}, {service} USING (true)",
    }
    for code in readers:
        mine = ", ".join(f"'{name}'" for name, holders in sorted(rights.sealed.items()) if code in holders)
        rules[f"lan_{code}"] = f"FOR SELECT TO {_quoted(names.group(database, code))} USING (entity_type IN ({mine}))"
    for code in sorted(rights.auditors):
        rules[f"lan_all_{code}"] = f"FOR SELECT TO {_quoted(names.group(database, code))} USING (true)"
    for name, rule in rules.items():
        said += [f'DROP POLICY IF EXISTS "{name}" ON {JOURNAL}', f'CREATE POLICY "{name}" ON {JOURNAL} {rule}']
    return said


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
