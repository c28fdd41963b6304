"""A reader says what is wrong with an item; such voices end in ways of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0002_cases_of_an_organisation_by_state"),
        ("organisations", "0001_initial"),
        ("proposals", "0003_a_disclosure_knows_its_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="ground",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="answer",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("done", "已办成"),
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
                ],
                default="opinion",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("disclosure__isnull", False),
                        ("kind", "problem"),
                        models.Q(("ground", ""), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "problem"), _negated=True), ("ground", "")),
                    _connector="OR",
                ),
                name="a_problem_has_its_item_and_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "privacy"), _negated=True), ("show", False), _connector="OR"
                ),
                name="what_tells_of_privacy_is_not_shown",
            ),
        ),
    ]
