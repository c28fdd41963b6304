"""Postings and their evidence know when they were written down, for the 件."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_who_is_away"),
        ("publication", "0005_assemblies"),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="noted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="posting",
            name="noted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["noted_at"], name="postings_by_note"),
        ),
    ]
