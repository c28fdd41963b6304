"""Taken down for somebody, marked, noted, helped with, merged, handed over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0007_topics_and_questions"),
        ("files", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "意见附件",
            },
        ),
        migrations.CreateModel(
            name="Helper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "协办岗位",
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                        choices=[("note", "内部备注"), ("call", "通话记录")], max_length=10
                    ),
                ),
                ("text", models.TextField()),
                ("post", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "内部记录",
            },
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="a_case_in_hand_has_its_post",
        ),
        migrations.AddField(
            model_name="case",
            name="callback",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="entered_by",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="case",
            name="head",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="told",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "等分办"),
                    ("assigned", "正在办"),
                    ("drafted", "答复待审定"),
                    ("answered", "已答复"),
                    ("merged", "并入另一件"),
                    ("handed", "已转交别的单位"),
                    ("withdrawn", "本人撤回"),
                ],
                default="received",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["received", "merged", "handed", "withdrawn"]),
                    ("post__isnull", False),
                    _connector="OR",
                ),
                name="a_case_in_hand_has_its_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("head__isnull", False), ("state__in", ["merged", "handed"])),
                    models.Q(
                        models.Q(("state__in", ["merged", "handed"]), _negated=True),
                        ("head__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="what_another_case_answers_has_its_head",
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.case"
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="helper",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="feedback.case"
            ),
        ),
        migrations.AddField(
            model_name="helper",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.post",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.case"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.member",
            ),
        ),
        migrations.AddConstraint(
            model_name="helper",
            constraint=models.UniqueConstraint(fields=("case", "post"), name="a_post_helps_once"),
        ),
    ]
