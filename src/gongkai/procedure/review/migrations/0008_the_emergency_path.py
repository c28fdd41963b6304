"""An edition may be sealed and opened before its review is over, and is looked at afterwards."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_who_is_away"),
        ("review", "0007_opinions_and_comments_beside_the_stages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("post", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("confirmed", models.BooleanField(null=True)),
                ("decided_as", models.CharField(blank=True, max_length=100)),
                ("decided_at", models.DateTimeField(null=True)),
                ("text", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.edition",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "紧急公开",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("confirmed__isnull", True), ("confirmed", False), _connector="OR"
                        ),
                        fields=["due_on"],
                        name="emergencies_in_hand",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("member")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_persons_see_an_emergency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed__isnull", True),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_decided_emergency_says_by_whom",
                    ),
                ],
            },
        ),
    ]
