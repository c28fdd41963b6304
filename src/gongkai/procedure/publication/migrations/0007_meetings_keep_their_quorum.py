"""A meeting keeps the quorum that the charter asked of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0006_postings_know_when_they_were_noted"),
    ]

    operations = [
        migrations.AddField(
            model_name="assembly",
            name="quorum",
            field=models.CharField(blank=True, max_length=7),
        ),
    ]
