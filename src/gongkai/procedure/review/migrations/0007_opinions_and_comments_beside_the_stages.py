"""Other posts may be asked beside the stages; reviewers may comment at a place in the text."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_who_is_away"),
        ("review", "0006_four_eyes"),
    ]

    operations = [
        migrations.AddField(
            model_name="review", name="asked", field=models.JSONField(default=list)
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等意见"),
                            ("answered", "已有意见"),
                            ("dropped", "不再等"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("question", models.TextField(blank=True)),
                ("asked_as", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "advice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agree", "没有不同意见"),
                            ("amend", "建议修改"),
                            ("object", "不同意公开"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("answered_as", models.CharField(blank=True, max_length=100)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.post",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "会签",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "post"), name="a_post_is_consulted_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("member__isnull", False),
                                models.Q(("advice", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_answered_consultation_says_who_and_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("block", models.PositiveIntegerField()),
                ("quote", models.CharField(blank=True, max_length=200)),
                ("opening", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField()),
                ("post", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_as", models.CharField(blank=True, max_length=300)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "批注",
                "indexes": [
                    models.Index(fields=["review", "block"], name="remarks_of_a_round"),
                ],
            },
        ),
    ]
