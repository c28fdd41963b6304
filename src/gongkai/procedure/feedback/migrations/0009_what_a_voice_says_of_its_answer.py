"""Whether it was content; and to whom a matter was passed on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0008_what_the_office_does_with_a_case"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="passed_to",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name="answer",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("done", "已办成"),
                    ("partly", "部分办成"),
                    ("adopted", "已采纳"),
                    ("explained", "已说明"),
                    ("planned", "已列入计划"),
                    ("impossible", "不能办，有理由"),
                    ("elsewhere", "不归本单位，已转告"),
                    ("corrected", "已更正"),
                    ("removed", "已撤下"),
                    ("refused", "不改，有理由"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveIntegerField()),
                (
                    "moment",
                    models.CharField(
                        choices=[("closing", "答复时"), ("later", "四周以后")], max_length=10
                    ),
                ),
                (
                    "verdict",
                    models.CharField(choices=[("yes", "满意"), ("no", "不满意")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "满意度评价",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "round", "moment"), name="a_voice_is_asked_once_each_time"
                    )
                ],
            },
        ),
    ]
