"""What stands in a database, and the long way to it: ``python -m tests.config.tables.schema``."""

import json
import sys

from django.db.backends.base.base import BaseDatabaseWrapper

# SQLite's own words for each table, index and trigger; a column's place in its table is no matter.
SQLITE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
POSTGRESQL = """
    SELECT 'column', c.relname || '.' || a.attname,
        concat_ws(' ', format_type(a.atttypid, a.atttypmod), l.collname),
        concat_ws(' ', a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S', 'v', 'm')
        AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname,
        pg_get_constraintdef(oid), '' FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid), '' FROM pg_trigger
        WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, prosrc, '' FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
"""
UNCOUNTED = {"id", "applied"}
"""Columns of keys and moments, which differ from one making to the next."""
CACHE = "gongkai_cache"


def told(connection: BaseDatabaseWrapper) -> dict[str, list[list[str]]]:
    """Tables, indexes, constraints and triggers under "", and under each table's name its rows.

    Every list is sorted, so that neither the order of the making nor that of the columns counts.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = [
                [*names, *sorted(words.removesuffix(")").split(", "))]
                for *names, words in cursor.execute(SQLITE).fetchall()
            ]
        else:
            cursor.execute(POSTGRESQL)
            found = [list(row) for row in cursor.fetchall()]
        rows = {}
        for table in set(connection.introspection.table_names(cursor)) - {CACHE}:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            kept = [
                [f"{n}={v}" for n, v in sorted(zip(names, row, strict=True)) if n not in UNCOUNTED]
                for row in cursor.fetchall()
            ]
            rows[table] = sorted(kept)
    return {"": sorted(found), **rows}


def main() -> None:
    """Walk through every migration, with Django's own command, in the empty database of the
    surroundings; say what stands there then.
    """
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command
    from django.db import connection

    call_command(Command(), interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    json.dump(told(connection), sys.stdout)


if __name__ == "__main__":
    main()
