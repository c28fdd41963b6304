"""Acts of before the office log get their salt and commitment; the keeper then gives their places.

In portions with a commit each, so that a long history holds no lock for long; a run that was cut
off goes on where it stopped.
"""

import secrets
from typing import Any

from django.db import connection, migrations, transaction

from gongkai.foundation.ledger import acts

PORTION = 2000
COLUMNS = ("id", "subject_label", "facts")


def salt(apps: Any, schema_editor: Any) -> None:
    """Give every act without a commitment one, in the order of their numbers."""
    rows = apps.get_model("ledger", "Act").objects.filter(words="").order_by("id")
    done = 0
    while portion := list(rows.filter(id__gt=done)[:PORTION].values_list(*COLUMNS)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE ledger_act SET salt = %s, words = %s, outcome = %s WHERE id = %s",
                [_filled(*row) for row in portion],
            )
        done = portion[-1][0]


def _filled(key: int, label: str, facts: dict[str, Any]) -> tuple[bytes, str, str, int]:
    salt = secrets.token_bytes(32)
    words = acts.commitment(salt, label=label, facts=facts)
    return salt, words, str(facts.get("outcome", "")), key


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("ledger", "0002_two_logs")]

    operations = [migrations.RunPython(salt, migrations.RunPython.noop)]
