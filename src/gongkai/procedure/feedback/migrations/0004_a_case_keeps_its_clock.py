"""A promise once made does not follow a later charter: each case keeps its start and its length."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_what_is_wrong_with_an_item")]

    operations = [
        migrations.AddField("case", "started_on", models.DateField(null=True)),
        migrations.AddField("case", "term", models.PositiveIntegerField(null=True)),
        migrations.AddField("case", "every_day", models.BooleanField(default=False)),
    ]
