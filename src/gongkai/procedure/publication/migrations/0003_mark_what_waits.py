"""Disclosures whose newest edition is not wholly arranged wait, as the verbs say from now on."""

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef


def mark(apps: Any, schema_editor: Any) -> None:
    """One statement: those that have an edition of which the last stage does not stand."""
    release = apps.get_model("publication", "Release").objects.filter(
        edition=OuterRef("pk"), state__in=("planned", "open", "replaced"), last=True
    )
    unarranged = apps.get_model("review", "Edition").objects.filter(
        ~Exists(release), erased_at__isnull=True
    )
    disclosures = apps.get_model("proposals", "Disclosure").objects
    disclosures.filter(pk__in=unarranged.values("disclosure")).update(waits=True)


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0002_erasures_to_finish"),
        ("proposals", "0002_marks_of_work_in_hand"),
        ("review", "0001_initial"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
