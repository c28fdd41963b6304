"""What is noted of postings after filing is a supplement."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0003_deposits"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="supplement",
            name="a_supplement_is_an_answer_or_a_record",
        ),
        migrations.AddField(
            model_name="supplement",
            name="noted_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer__isnull", False),
                        ("noted_until__isnull", True),
                        ("record__isnull", True),
                    ),
                    models.Q(
                        ("answer__isnull", True),
                        ("noted_until__isnull", True),
                        ("record__isnull", False),
                    ),
                    models.Q(
                        ("answer__isnull", True),
                        ("noted_until__isnull", False),
                        ("record__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_supplement_is_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.UniqueConstraint(
                fields=("filing", "noted_until"), name="postings_are_added_once"
            ),
        ),
    ]
