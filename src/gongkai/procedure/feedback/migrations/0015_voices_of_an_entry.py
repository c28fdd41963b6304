"""The line of the catalogue that a voice about an item belongs to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_revisions"),
        ("feedback", "0014_pauses_that_end_and_merges_undone"),
        ("organisations", "0002_who_is_away"),
        ("proposals", "0008_words_before_a_first_save"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="entry",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.entry",
            ),
        ),
    ]
