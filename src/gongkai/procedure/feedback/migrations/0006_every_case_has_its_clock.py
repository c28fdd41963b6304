"""Each case keeps its clock, with what stops or extends it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0005_clocks_of_earlier_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="accepted_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="extended_why",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="case",
            name="extension",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opinion", "意见"),
                    ("topic", "点题"),
                    ("hotline", "热线"),
                    ("visit", "来访"),
                    ("book", "意见簿"),
                    ("question", "质询"),
                    ("problem", "指出问题"),
                    ("letter", "来信"),
                ],
                default="opinion",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="started_on",
            field=models.DateField(),
        ),
        migrations.AlterField(
            model_name="case",
            name="term",
            field=models.PositiveIntegerField(),
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("post", models.CharField(max_length=300)),
                ("stopped_on", models.DateField()),
                ("resumed_on", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="feedback.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "暂停计时",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resumed_on__isnull", True)),
                        fields=("case",),
                        name="a_clock_stops_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resumed_on__isnull", True),
                            ("resumed_on__gte", models.F("stopped_on")),
                            _connector="OR",
                        ),
                        name="a_pause_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
