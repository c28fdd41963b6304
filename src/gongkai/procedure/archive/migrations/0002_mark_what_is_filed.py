"""Disclosures that stand in the archive are marked, as filing will do from now on."""

from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    """One statement over what has been filed."""
    filed = apps.get_model("archive", "Filing").objects.values("disclosure")
    apps.get_model("proposals", "Disclosure").objects.filter(pk__in=filed).update(filed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0001_initial"),
        ("proposals", "0002_marks_of_work_in_hand"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
