"""What several voices have in common, put forward for another post to take up."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0017_an_index_to_voices_of_an_entry"),
        ("organisations", "0002_who_is_away"),
        ("proposals", "0008_words_before_a_first_save"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pattern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等人接手"),
                            ("taken", "已接手"),
                            ("declined", "没有采纳"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("post", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("decided_post", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField(null=True)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("answer", models.TextField(blank=True)),
                (
                    "decider",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.disclosure",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "共性问题建议",
            },
        ),
        migrations.CreateModel(
            name="PatternCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.case",
                    ),
                ),
                (
                    "pattern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="feedback.pattern",
                    ),
                ),
            ],
            options={
                "verbose_name": "建议所据办件",
            },
        ),
        migrations.AddConstraint(
            model_name="pattern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decider__isnull", True),
                    models.Q(("decider", models.F("proposer")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_takes_up_their_own_suggestion",
            ),
        ),
        migrations.AddConstraint(
            model_name="pattern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decider__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True), ("decider__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="a_suggestion_is_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="patterncase",
            constraint=models.UniqueConstraint(
                fields=("pattern", "case"), name="a_voice_stands_once_in_a_suggestion"
            ),
        ),
    ]
