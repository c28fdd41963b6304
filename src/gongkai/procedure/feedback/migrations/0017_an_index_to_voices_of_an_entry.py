"""From a line of the catalogue to its voices, due first, among half a million."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0016_entries_of_earlier_voices")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["entry", "state", "promised_on"], name="cases_of_an_entry"),
        ),
    ]
