"""Acts of before the office log get their salt and commitment; the keeper then gives their places.

In portions with a commit each, so that a long history holds no lock for long; a run that was cut
off goes on where it stopped.
"""

import secrets
from typing import Any

from django.db import migrations

from gongkai.foundation.ledger import acts

PORTION = 2000


def salt(apps: Any, schema_editor: Any) -> None:
    """Give every act without a commitment one, in the order of their numbers."""
    rows = apps.get_model("ledger", "Act").objects.filter(words="").order_by("id")
    while portion := list(rows.only("id", "subject_label", "facts")[:PORTION]):
        for act in portion:
            act.salt = secrets.token_bytes(32)
            act.words = acts.commitment(act.salt, label=act.subject_label, facts=act.facts)
            act.outcome = str(act.facts.get("outcome", ""))
        rows.model.objects.bulk_update(portion, ["salt", "words", "outcome"], batch_size=200)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("ledger", "0002_two_logs")]

    operations = [migrations.RunPython(salt, migrations.RunPython.noop)]
