"""The desk asks for the voices of one organisation that still wait: a few among all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0001_initial"),
        ("organisations", "0001_initial"),
        ("proposals", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="cases_by_state",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["organisation", "state", "promised_on"], name="cases_by_state"
            ),
        ),
    ]
