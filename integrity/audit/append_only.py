"""Makes a table append-only: the database itself refuses changes.

Plain SQL rather than pgtrigger, whose triggers any session can switch off with a setting. Two
locks: the app's role lacks the privilege, and a trigger refuses everybody, the owner too; only
TRUNCATE is left to the owner, which is how tests reset.
"""

from collections.abc import Sequence

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  col text;
  before jsonb;
  after jsonb;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
    THEN RETURN NULL; END IF;
    RAISE EXCEPTION '% is append-only: it cannot be emptied', TG_TABLE_NAME;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    before := to_jsonb(OLD);
    after := to_jsonb(NEW);
    FOREACH col IN ARRAY coalesce(TG_ARGV, '{}') LOOP
      IF before -> col = 'null'::jsonb THEN
        before := before - col;
        after := after - col;
      END IF;
    END LOOP;
    IF before = after THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP);
END $$;
"""


def append_only(table: str, *, once: Sequence[str] = ()) -> list[migrations.RunSQL]:
    """Return the operations that make `table` append-only.

    Columns in `once` may go from null to a value a single time; everything else never changes.
    """
    arguments = ", ".join(f"'{column}'" for column in once)
    grants = f"GRANT UPDATE ({', '.join(once)}) ON {table} TO waarborg_app;" if once else ""
    return [
        migrations.RunSQL(_FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
              FOR EACH ROW EXECUTE FUNCTION refuse_change({arguments});
            CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}
              FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            DO $$ BEGIN
              IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'waarborg_app') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM waarborg_app;
                {grants}
              END IF;
            END $$;
            """,  # noqa: S608  (the names are a migration's own words)
            f"""
            DROP TRIGGER append_only ON {table};
            DROP TRIGGER append_only_truncate ON {table};
            """,
        ),
    ]
