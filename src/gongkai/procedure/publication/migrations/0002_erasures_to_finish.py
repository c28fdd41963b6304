"""The keeper asks each second which erasures still have files to destroy: a few among all."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One partial index."""

    dependencies = [("publication", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="erasure",
            index=models.Index(
                fields=["confirmed_at"],
                condition=Q(files_gone_at__isnull=True),
                name="erasures_to_finish",
            ),
        ),
    ]
