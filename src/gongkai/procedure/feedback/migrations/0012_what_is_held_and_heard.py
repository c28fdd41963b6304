"""A block list, what it holds for a supervisor, and which words came today from which network."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0011_the_wall"),
        ("organisations", "0002_who_is_away"),
        ("proposals", "0008_words_before_a_first_save"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(max_length=64)),
                ("words", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "来过的话",
                "indexes": [models.Index(fields=["network", "at"], name="heard_from_a_network")],
            },
        ),
        migrations.CreateModel(
            name="Held",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                        max_length=10,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("error", "内容有误"),
                            ("privacy", "泄露个人信息"),
                            ("copyright", "侵犯著作权"),
                            ("outdated", "内容过时"),
                            ("access", "看不了、读不出"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("show", models.BooleanField(default=False)),
                ("sealed", models.BinaryField(null=True)),
                ("destroy_on", models.DateField(db_index=True)),
                ("receipt", models.CharField(max_length=64, unique=True)),
                ("token", models.CharField(max_length=64, null=True, unique=True)),
                ("came_at", models.DateTimeField()),
                ("look_by", models.DateField()),
                ("phrase", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等人看"),
                            ("passed", "已放行"),
                            ("refused", "不受理"),
                            ("withdrawn", "本人撤回"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("decided_post", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField(null=True)),
                ("why", models.TextField(blank=True)),
                (
                    "asked",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.post",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.case",
                    ),
                ),
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
                    "disclosure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.disclosure",
                    ),
                ),
                (
                    "listed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "先看的意见",
                "indexes": [models.Index(fields=["organisation", "state"], name="held_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_by__isnull", True),
                                ("state__in", ["waiting", "withdrawn"]),
                            ),
                            models.Q(
                                ("case__isnull", False),
                                ("decided_by__isnull", False),
                                ("state", "passed"),
                                ("text", ""),
                            ),
                            models.Q(
                                ("case__isnull", True),
                                ("decided_by__isnull", False),
                                ("state", "refused"),
                                models.Q(("why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="what_was_held_is_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("listed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_on_what_their_phrase_held",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phrase", models.CharField(max_length=60)),
                ("spelt", models.CharField(max_length=200)),
                ("why", models.CharField(max_length=200)),
                ("listed_post", models.CharField(max_length=300)),
                ("listed_on", models.DateField()),
                (
                    "listed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
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
            ],
            options={
                "verbose_name": "拦截词",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "spelt"), name="a_phrase_is_listed_once"
                    )
                ],
            },
        ),
    ]
