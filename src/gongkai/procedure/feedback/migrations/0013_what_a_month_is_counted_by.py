"""The day that was promised with each answer, and what leads to the voices of a month."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0012_what_is_held_and_heard"),
        ("organisations", "0002_who_is_away"),
        ("proposals", "0008_words_before_a_first_save"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="due_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="survey",
            name="at",
            field=models.DateTimeField(db_index=True),
        ),
        migrations.AlterField(
            model_name="turn",
            name="at",
            field=models.DateTimeField(db_index=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation", "received_at"], name="cases_by_day"),
        ),
    ]
