"""Others may second a topic; a question names the post it asks; a voice says why it asks again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0006_every_case_has_its_clock"),
        ("organisations", "0001_initial"),
        ("proposals", "0003_a_disclosure_knows_its_duty"),
    ]

    operations = [
        migrations.CreateModel(
            name="Second",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "附议",
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wording", models.CharField(blank=True, max_length=200)),
                ("listed_at", models.DateTimeField(db_index=True, null=True)),
                ("seconds", models.PositiveIntegerField(default=0)),
                ("owed_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "点题征集",
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "追问",
            },
        ),
        migrations.AddField(
            model_name="case",
            name="asked",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.post",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "question"), ("asked__isnull", True), _connector="OR"),
                name="only_a_question_asks_a_post",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="became",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.disclosure",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.case"
            ),
        ),
        migrations.AddField(
            model_name="second",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="feedback.topic"
            ),
        ),
        migrations.AddField(
            model_name="turn",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="second",
            constraint=models.UniqueConstraint(fields=("topic", "by"), name="nobody_seconds_twice"),
        ),
    ]
