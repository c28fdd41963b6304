"""A pause that ends by itself; and that a merge by mistake was undone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0013_what_a_month_is_counted_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="separated_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="pause",
            name="ends_on",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="pause",
            index=models.Index(
                condition=models.Q(("resumed_on__isnull", True)),
                fields=["ends_on"],
                name="pauses_to_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("ends_on__gt", models.F("stopped_on")),
                    _connector="OR",
                ),
                name="a_pause_is_to_end_after_it_begins",
            ),
        ),
    ]
