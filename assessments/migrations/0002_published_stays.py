from django.db import migrations

# A published month never changes: not by a verb, not by a slip at the SQL prompt. ENABLE ALWAYS, else
# ``session_replication_role`` goes round it. The tables of a test may be emptied (TRUNCATE), rows not.
ROWS = """
CREATE OR REPLACE FUNCTION assessments_rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM touched) AS t
                 JOIN assessments_run run ON run.id = t.run_id
                WHERE run.state IN ('published', 'replaced')) THEN
        RAISE EXCEPTION 'a published month stays as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

RUN = """
CREATE OR REPLACE FUNCTION assessments_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('published', 'replaced') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    -- All that may still come is the bulletin, and the version that replaces it.
    IF TG_OP = 'UPDATE' AND NEW.state IN ('published', 'replaced') AND NOT (OLD.state = 'replaced' AND NEW.state = 'published')
       AND (to_jsonb(NEW) - 'state' - 'document_id') = (to_jsonb(OLD) - 'state' - 'document_id')
       AND (OLD.document_id IS NULL OR NEW.document_id = OLD.document_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published month stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER assessments_run_stays BEFORE UPDATE OR DELETE ON assessments_run
    FOR EACH ROW EXECUTE FUNCTION assessments_run_stays();
ALTER TABLE assessments_run ENABLE ALWAYS TRIGGER assessments_run_stays;
"""


def guarded(table: str) -> str:
    return "".join(
        f"""
        CREATE TRIGGER {table}_stays_{act.lower()} AFTER {act} ON {table}
            REFERENCING {seen} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION assessments_rows_stay();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays_{act.lower()};
        """
        for act, seen in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    )


TABLES = ("assessments_frozencase", "assessments_result")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=ROWS + "".join(guarded(table) for table in TABLES) + RUN,
            reverse_sql="".join(
                f"DROP TRIGGER {table}_stays_{act} ON {table};" for table in TABLES for act in ("insert", "update", "delete")
            )
            + "DROP TRIGGER assessments_run_stays ON assessments_run;"
            + "DROP FUNCTION assessments_rows_stay(); DROP FUNCTION assessments_run_stays();",
        )
    ]
