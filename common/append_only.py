"""A migration operation: the table takes inserts only. ENABLE ALWAYS, else ``session_replication_role`` goes round it.

A database superuser can still switch a trigger off: that is what the event chain and its anchors are for."""

from __future__ import annotations

from django.db import migrations

FUNCTION = r"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a test database is emptied between tests; nothing else may be
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\_%' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""{FUNCTION}
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
        """,
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table}",
    )
