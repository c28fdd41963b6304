"""A check that 0002 left behind: it was written when every report had a drafter.

PostgreSQL kept its old words, which happen to allow the same rows; SQLite, which makes a table anew
when a column changes, has had these ever since.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The same constraint, now that there may be no drafter to compare with."""

    dependencies = [("supervision", "0002_reports_on_answers")]

    operations = [
        migrations.RemoveConstraint(model_name="report", name="nobody_finishes_their_own_report"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finisher", None),
                    models.Q(("finisher", models.F("drafter")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_finishes_their_own_report",
            ),
        ),
    ]
