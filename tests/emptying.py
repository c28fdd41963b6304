"""After a test that commits: every table empty again, but for what was laid with the tables.

Django truncates all tables, though most have no row, and makes kinds of content and permissions
anew. That took longer than many a test.
"""

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

LAID = (ContentType, Permission)
"""The rows that stand as soon as the tables do. Nothing of ours writes or names them."""


def empty(_case: object) -> None:
    """Take every row away; keys point wherever they like until the end of the transaction."""
    quoted = [connection.ops.quote_name(name) for name in _tables()]
    asked = " UNION ALL ".join(
        f"SELECT {at} WHERE EXISTS (SELECT 1 FROM {name})" for at, name in enumerate(quoted)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
        for (at,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {quoted[at]}")


def _tables() -> list[str]:
    return [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in LAID
    ]
