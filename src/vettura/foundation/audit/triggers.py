"""
What the database does by itself: write down every change of an audited table, and refuse to change what is written.

The triggers follow the models. They are not part of migrations: after each `migrate` those that differ from what the
code says are put in place, so that a new column needs no thought (decision 0009).
"""

import hashlib

from django.db import connections

from vettura.foundation.audit.columns import Audited, audited_models

TABLE = "foundation_auditentry"
# what a transaction says of itself (see acting.py), and whose entries may lose their contents in it
SETTING = "vettura.audit"
ERASURE_SETTING = "vettura.audit_erasure"

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION vettura_audit() RETURNS trigger LANGUAGE plpgsql AS $$
-- arguments: kind, primary key, person, car, shown columns, hidden columns
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    line jsonb := coalesce(after, before);
    said jsonb := coalesce(nullif(current_setting('{SETTING}', true), ''), '{{"channel": "database"}}')::jsonb;
    changes jsonb;
BEGIN
    SELECT jsonb_object_agg(name, CASE
        WHEN name = ANY (string_to_array(TG_ARGV[5], ',')) THEN
            jsonb_build_array(CASE WHEN former IS NOT NULL THEN '•' END, CASE WHEN latter IS NOT NULL THEN '•' END)
        ELSE jsonb_build_array(former, latter) END)
    INTO changes
    FROM (
        SELECT name, nullif(nullif(before -> name, 'null'), '""') AS former,
            nullif(nullif(after -> name, 'null'), '""') AS latter
        FROM unnest(string_to_array(TG_ARGV[4] || ',' || TG_ARGV[5], ',')) AS name
    ) AS cells
    WHERE former IS DISTINCT FROM latter;

    IF TG_OP = 'UPDATE' AND changes IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO {TABLE}
        (at, kind, "table", row_id, operation, changes, person_id, car_id, actor_id, channel, origin, reason, request_id)
    VALUES (
        coalesce((said ->> 'at')::timestamptz, clock_timestamp()
            + coalesce((SELECT shift FROM foundation_clockshift WHERE id = 1), interval '0')),
        TG_ARGV[0], TG_TABLE_NAME, line ->> TG_ARGV[1],
        CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
        coalesce(changes, '{{}}'), (line ->> TG_ARGV[2])::uuid, (line ->> TG_ARGV[3])::uuid,
        (said ->> 'actor')::uuid, coalesce(said ->> 'channel', 'database'), coalesce(said ->> 'origin', ''),
        coalesce(said ->> 'reason', ''), coalesce(said ->> 'request', '')
    );
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION vettura_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a person's erasure empties entries about that person: what changed goes, that it changed and who did it stays
    IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' THEN
        IF current_setting('{ERASURE_SETTING}', true) = OLD.person_id::text
            AND to_jsonb(NEW) - 'changes' - 'reason' = to_jsonb(OLD) - 'changes' - 'reason'
            AND NEW.reason = ''
            AND NEW.changes = (SELECT coalesce(jsonb_object_agg(name, NULL), '{{}}') FROM jsonb_object_keys(OLD.changes) AS name)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What the audit holds is neither changed nor removed' USING ERRCODE = 'insufficient_privilege';
END $$;
"""  # noqa: S608  # our own constants
PROTECTION = (
    (
        "audit_stays",
        f"""CREATE OR REPLACE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION vettura_audit_stays()""",
    ),
    (
        "audit_stays_whole",
        f"""CREATE OR REPLACE TRIGGER audit_stays_whole BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION vettura_audit_stays()""",
    ),
)
NAME = "audited"


def statement_of(each: Audited) -> str:
    """What puts the trigger of a table in place, instead of the one that may be there."""
    arguments = ", ".join(
        "'" + value.replace("'", "''") + "'"
        for value in (
            each.kind,
            str(each.model._meta.pk.column),
            each.person,
            each.car,
            ",".join(each.shown),
            ",".join(each.hidden),
        )
    )
    return f"""CREATE OR REPLACE TRIGGER {NAME} AFTER INSERT OR UPDATE OR DELETE ON "{each.table}"
        FOR EACH ROW EXECUTE FUNCTION vettura_audit({arguments})"""


def install(*, using: str = "default") -> int:
    """This will put in place what differs from the code, take away what the code no longer knows, and say how many it were."""
    wanted = {(TABLE, name): statement for name, statement in PROTECTION}
    wanted |= {(each.table, NAME): statement_of(each) for each in audited_models()}
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, t.tgname, obj_description(t.oid, 'pg_trigger')
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE p.proname IN ('vettura_audit', 'vettura_audit_stays') AND pg_table_is_visible(c.oid)
            """
        )
        present = {(table, name): stamp for table, name, stamp in cursor.fetchall()}
        changed = {key: text for key, text in wanted.items() if present.get(key) != _stamp(text)}
        surplus = set(present) - set(wanted)
        if changed:
            cursor.execute(FUNCTIONS)
        for (table, name), statement in sorted(changed.items()):
            cursor.execute(f"{statement}; COMMENT ON TRIGGER {name} ON \"{table}\" IS '{_stamp(statement)}'")
        for table, name in sorted(surplus):
            cursor.execute(f'DROP TRIGGER {name} ON "{table}"')
    return len(changed) + len(surplus)


def _stamp(statement: str) -> str:
    return hashlib.sha256((FUNCTIONS + statement).encode()).hexdigest()[:16]
