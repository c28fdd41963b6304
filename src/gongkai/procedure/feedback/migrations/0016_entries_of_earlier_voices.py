"""What stood before belongs to the line of its item."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema: Any) -> None:
    items = apps.get_model("proposals", "Disclosure").objects.filter(pk=OuterRef("disclosure"))
    cases = apps.get_model("feedback", "Case").objects.filter(disclosure__isnull=False, entry=None)
    cases.update(entry=Subquery(items.values("entry")[:1]))


class Migration(migrations.Migration):
    dependencies = [("feedback", "0015_voices_of_an_entry")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
