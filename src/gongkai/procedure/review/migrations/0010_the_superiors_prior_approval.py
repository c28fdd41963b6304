"""What is outside the catalogue waits for the superior's prior approval."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_who_is_away"),
        ("review", "0009_a_stage_is_taken_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriorApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等上级批准"),
                            ("approved", "上级已批准"),
                            ("refused", "上级不同意公开"),
                            ("recalled", "报批已撤回"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("question", models.TextField(blank=True)),
                ("asked_as", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("text", models.TextField(blank=True)),
                ("answered_as", models.CharField(blank=True, max_length=200)),
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.review",
                    ),
                ),
                (
                    "superior",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "事前报批",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["superior", "due_on"],
                        name="requests_upward_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("review",),
                        name="one_request_upward_waits_in_a_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("approved", "refused")), _negated=True),
                            models.Q(("answered_at__isnull", False), ("member__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_decided_request_upward_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("member__isnull", True),
                            models.Q(("member", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_their_own_request_upward",
                    ),
                ],
            },
        ),
    ]
