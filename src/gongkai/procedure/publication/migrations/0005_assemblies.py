"""Meetings at which items are read out; what waits and what lapses is found by index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0004_refusals"),
        ("organisations", "0002_who_is_away"),
        ("publication", "0004_postings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assembly",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("place", models.CharField(max_length=200)),
                ("called", models.PositiveIntegerField()),
                ("came", models.PositiveIntegerField()),
                ("post", models.CharField(max_length=300)),
                ("noted_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "宣读会议",
            },
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("state__in", ["planned", "failed"])),
                fields=["organisation", "id"],
                name="postings_to_put_up",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(
                    ("comes_down__isnull", False), ("state__in", ["planned", "failed"])
                ),
                fields=["comes_down"],
                name="postings_that_lapse",
            ),
        ),
        migrations.AddField(
            model_name="assembly",
            name="minutes",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="assembly",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="assembly",
            index=models.Index(fields=["organisation", "-at", "-id"], name="assemblies_by_time"),
        ),
        migrations.AddConstraint(
            model_name="assembly",
            constraint=models.CheckConstraint(
                condition=models.Q(("came__gte", 1), ("came__lte", models.F("called"))),
                name="as_many_came_as_were_called_at_most",
            ),
        ),
    ]
