"""A post asks for what it has in hand: a few among all that it ever answered.

The keys' own indexes go: others begin with them, and SQLite, which knows no state to be rarer than
another, would choose them and read every case there ever was.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0009_what_a_voice_says_of_its_answer"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            "case",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            "case",
            "post",
            models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.post",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["post", "state", "promised_on"], name="cases_of_a_post"),
        ),
    ]
