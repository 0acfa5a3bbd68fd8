"""The functions with which people and computers get, change and lose their logins, without anybody being a superuser.

They run as the keeper, who may make roles and nothing else, look names up nowhere but in the catalogue, and touch only roles that
begin with the database's name. Whoever calls one hands on no right that they do not hold themselves.
"""

from __future__ import annotations

from clinic_desktop.kernel.lan import names

MOST_OPEN = 5
"""Joining codes that are open at once."""
MOST_TRIES = 5
"""Wrong reset codes of one person before a new one is needed."""

_TABLES = """
CREATE TABLE IF NOT EXISTS clinic_lan.invitations (
    code text PRIMARY KEY, login text NOT NULL, made_by text NOT NULL, made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL, used_at timestamptz, device text
);
CREATE TABLE IF NOT EXISTS clinic_lan.devices (
    login text PRIMARY KEY, name text NOT NULL, joined_at timestamptz NOT NULL DEFAULT now(), invited_by text NOT NULL
);
CREATE TABLE IF NOT EXISTS clinic_lan.resets (
    person uuid PRIMARY KEY, digest text NOT NULL, expires_at timestamptz NOT NULL, tries integer NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS clinic_lan.authority (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), pem text NOT NULL
);
"""

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION clinic_lan.login_of(person uuid) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT '%(database)s_p_' || replace(person::text, '-', '') $$;

CREATE OR REPLACE FUNCTION clinic_lan.check_verifier(verifier text) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF verifier !~ '^SCRAM-SHA-256\\$4096:[A-Za-z0-9+/=]{24}\\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' THEN
        RAISE EXCEPTION 'not a SCRAM verifier' USING ERRCODE = 'invalid_parameter_value';
    END IF;
END $$;

-- Whoever is in a group that the caller is not in stands above the caller.
CREATE OR REPLACE FUNCTION clinic_lan.check_within(wanted text[]) RETURNS void %(head)s AS $$
DECLARE found text;
BEGIN
    FOREACH found IN ARRAY wanted LOOP
        IF found NOT LIKE '%(like)s\\_may\\_%%' OR NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = found) THEN
            RAISE EXCEPTION 'no such group' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        IF session_user LIKE '%(like)s\\_p\\_%%' AND NOT pg_has_role(session_user, found, 'MEMBER') THEN
            RAISE EXCEPTION 'permission denied: %% is not yours to give', found USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.groups_of(login text) RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(g.rolname::text ORDER BY g.rolname), '{}') FROM pg_auth_members m
    JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member
    WHERE p.rolname = login AND g.rolname LIKE '%(like)s\\_may\\_%%'
$$;

CREATE OR REPLACE FUNCTION clinic_lan.keep_person(person uuid, wanted text[], active boolean) RETURNS void %(head)s AS $$
DECLARE login text := clinic_lan.login_of(person); held text[]; one text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = login) THEN
        EXECUTE format('CREATE ROLE %%I NOLOGIN INHERIT NOCREATEDB NOCREATEROLE IN ROLE %%I', login, '%(staff)s');
    END IF;
    held := clinic_lan.groups_of(login);
    PERFORM clinic_lan.check_within(ARRAY(SELECT unnest(wanted) EXCEPT SELECT unnest(held)));
    FOR one IN SELECT unnest(held) EXCEPT SELECT unnest(wanted) LOOP EXECUTE format('REVOKE %%I FROM %%I', one, login); END LOOP;
    FOR one IN SELECT unnest(wanted) EXCEPT SELECT unnest(held) LOOP EXECUTE format('GRANT %%I TO %%I', one, login); END LOOP;
    IF active IS DISTINCT FROM (SELECT rolcanlogin FROM pg_roles WHERE rolname = login) THEN
        EXECUTE format('ALTER ROLE %%I %%s', login, CASE WHEN active THEN 'LOGIN' ELSE 'NOLOGIN' END);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.keep_password(person uuid, verifier text) RETURNS void %(head)s AS $$
BEGIN
    PERFORM clinic_lan.check_verifier(verifier);
    PERFORM clinic_lan.check_within(clinic_lan.groups_of(clinic_lan.login_of(person)));
    EXECUTE format('ALTER ROLE %%I PASSWORD %%L', clinic_lan.login_of(person), verifier);
    DELETE FROM clinic_lan.resets r WHERE r.person = keep_password.person;
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.end_connections(person uuid) RETURNS integer %(head)s AS $$
BEGIN
    PERFORM clinic_lan.check_within(clinic_lan.groups_of(clinic_lan.login_of(person)));
    RETURN (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE usename = clinic_lan.login_of(person) AND pid <> pg_backend_pid());
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.allow_reset(person uuid, digest text, minutes integer) RETURNS void %(head)s AS $$
BEGIN
    PERFORM clinic_lan.check_within(clinic_lan.groups_of(clinic_lan.login_of(person)));
    INSERT INTO clinic_lan.resets (person, digest, expires_at) VALUES (person, digest, now() + make_interval(mins => minutes))
    ON CONFLICT ON CONSTRAINT resets_pkey DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at, tries = 0;
END $$;

-- False, not an error: an error would take the counted try back.
CREATE OR REPLACE FUNCTION clinic_lan.reset_password(person uuid, code text, verifier text) RETURNS boolean %(head)s AS $$
DECLARE known clinic_lan.resets;
BEGIN
    PERFORM clinic_lan.check_verifier(verifier);
    UPDATE clinic_lan.resets r SET tries = tries + 1 WHERE r.person = reset_password.person RETURNING * INTO known;
    IF NOT FOUND OR known.tries > %(tries)s OR known.expires_at <= now()
       OR known.digest <> encode(sha256(convert_to(code, 'UTF8')), 'hex') THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER ROLE %%I PASSWORD %%L', clinic_lan.login_of(person), verifier);
    DELETE FROM clinic_lan.resets r WHERE r.person = reset_password.person;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.invite(name text, verifier text, minutes integer) RETURNS timestamptz %(head)s AS $$
DECLARE login text := '%(database)s_j_' || lower(name); over text; until timestamptz := now() + make_interval(mins => least(minutes, 60));
BEGIN
    PERFORM clinic_lan.check_verifier(verifier);
    IF name !~ '^[0-9A-Z]{4}$' THEN RAISE EXCEPTION 'not a code' USING ERRCODE = 'invalid_parameter_value'; END IF;
    LOCK TABLE clinic_lan.invitations IN EXCLUSIVE MODE;
    FOR over IN SELECT rolname FROM pg_roles r LEFT JOIN clinic_lan.invitations i ON i.login = r.rolname
                WHERE r.rolname LIKE '%(like)s\\_j\\_%%' AND (i.login IS NULL OR i.used_at IS NOT NULL OR i.expires_at <= now()) LOOP
        EXECUTE format('DROP ROLE %%I', over);
    END LOOP;
    DELETE FROM clinic_lan.invitations WHERE expires_at <= now() - interval '30 days';
    IF (SELECT count(*) FROM clinic_lan.invitations WHERE used_at IS NULL AND expires_at > now()) >= %(open)s THEN
        RAISE EXCEPTION 'too many joining codes are open' USING ERRCODE = 'configuration_limit_exceeded';
    END IF;
    DELETE FROM clinic_lan.invitations WHERE code = name;
    INSERT INTO clinic_lan.invitations (code, login, made_by, expires_at) VALUES (name, login, session_user, until);
    EXECUTE format('CREATE ROLE %%I LOGIN INHERIT CONNECTION LIMIT 4 PASSWORD %%L VALID UNTIL %%L IN ROLE %%I',
                   login, verifier, until, '%(joining)s');
    RETURN until;
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.authority_pem() RETURNS text %(head)s AS $$
BEGIN RETURN (SELECT pem FROM clinic_lan.authority); END $$;

CREATE OR REPLACE FUNCTION clinic_lan.join_device(name text, verifier text) RETURNS text %(head)s AS $$
DECLARE made text := '%(database)s_d_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12); by_whom text;
BEGIN
    PERFORM clinic_lan.check_verifier(verifier);
    UPDATE clinic_lan.invitations SET used_at = now(), device = made
    WHERE login = session_user AND used_at IS NULL AND expires_at > now() RETURNING made_by INTO by_whom;
    IF NOT FOUND THEN RAISE EXCEPTION 'the code was used or is over' USING ERRCODE = 'insufficient_privilege'; END IF;
    EXECUTE format('CREATE ROLE %%I LOGIN INHERIT PASSWORD %%L IN ROLE %%I', made, verifier, '%(devices)s');
    INSERT INTO clinic_lan.devices (login, name, invited_by) VALUES (made, left(name, 80), by_whom);
    EXECUTE format('ALTER ROLE %%I NOLOGIN', session_user);
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.drop_device(device text) RETURNS boolean %(head)s AS $$
BEGIN
    DELETE FROM clinic_lan.devices d WHERE d.login = device;
    IF NOT FOUND THEN RETURN false; END IF;
    EXECUTE format('ALTER ROLE %%I NOLOGIN', device);
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = device AND pid <> pg_backend_pid();
    EXECUTE format('DROP ROLE %%I', device);
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION clinic_lan.joined_devices()
RETURNS TABLE (login text, name text, joined_at timestamptz, invited_by text) %(head)s AS $$
BEGIN RETURN QUERY SELECT d.login, d.name, d.joined_at, d.invited_by FROM clinic_lan.devices d ORDER BY d.joined_at; END $$;
"""

_OF_ACCOUNTS = (
    "keep_person(uuid, text[], boolean)",
    "keep_password(uuid, text)",
    "end_connections(uuid)",
    "allow_reset(uuid, text, integer)",
    "invite(text, text, integer)",
    "drop_device(text)",
    "joined_devices()",
)
_OF_EVERYBODY = ("reset_password(uuid, text, text)", "login_of(uuid)")
_OF_JOINING = ("authority_pem()", "join_device(text, text)")
_INNER = ("check_within(text[])", "groups_of(text)", "check_verifier(text)")


def statements(database: str, account_groups: tuple[str, ...]) -> list[str]:
    """What makes the schema of logins anew, as the keeper; the groups are those that administer accounts."""
    values = {
        "database": database,
        "like": database.replace("_", "\\_"),
        "head": _HEAD,
        "staff": names.staff(database),
        "devices": names.devices(database),
        "joining": names.joining(database),
        "tries": MOST_TRIES,
        "open": MOST_OPEN,
    }
    mine = ", ".join(f'"{one}"' for one in (*account_groups, names.owner(database)))
    all_of_them = ", ".join(f'"{one}"' for one in (names.staff(database), names.devices(database), names.owner(database)))
    functions = ", ".join(f"clinic_lan.{one}" for one in (*_OF_ACCOUNTS, *_OF_EVERYBODY, *_OF_JOINING, *_INNER))
    joining = names.joining(database)
    return [
        _TABLES,
        _FUNCTIONS % values,
        f"REVOKE ALL ON FUNCTION {functions} FROM PUBLIC",
        f'GRANT USAGE ON SCHEMA clinic_lan TO {all_of_them}, "{joining}"',
        f'GRANT EXECUTE ON FUNCTION {", ".join(f"clinic_lan.{one}" for one in _OF_JOINING)} TO "{joining}"',
        f"GRANT EXECUTE ON FUNCTION {', '.join(f'clinic_lan.{one}' for one in _OF_ACCOUNTS)} TO {mine}",
        f"GRANT EXECUTE ON FUNCTION {', '.join(f'clinic_lan.{one}' for one in _OF_EVERYBODY)} TO {all_of_them}",
    ]
