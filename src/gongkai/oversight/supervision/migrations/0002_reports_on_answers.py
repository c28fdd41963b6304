"""The month's report on answers, which nobody drafts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0003_deposits"),
        ("organisations", "0002_who_is_away"),
        ("supervision", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="report",
            name="a_period_has_one_report_in_hand",
        ),
        migrations.RemoveConstraint(
            model_name="report",
            name="a_report_has_its_number",
        ),
        migrations.AddField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[("general", "工作报告"), ("answers", "办理情况月报")],
                default="general",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="drafter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.member",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="drafter_post",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "proposed"))),
                fields=("organisation", "kind", "first", "last"),
                name="a_period_has_one_report_in_hand",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "answers")),
                fields=("organisation", "kind", "first"),
                name="a_month_has_one_report_on_answers",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=("organisation", "kind", "year", "number"), name="a_report_has_its_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "answers"), ("drafter__isnull", False), _connector="OR"
                ),
                name="only_a_report_on_answers_has_no_drafter",
            ),
        ),
    ]
