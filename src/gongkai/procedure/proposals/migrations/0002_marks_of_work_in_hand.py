"""Which disclosures the desk still has to look at, found without walking those that are done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_initial"),
        ("organisations", "0001_initial"),
        ("proposals", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="filed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="waits",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(
                condition=models.Q(("waits", True)),
                fields=["organisation", "id"],
                name="disclosures_to_arrange",
            ),
        ),
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(
                condition=models.Q(("filed", False)),
                fields=["organisation", "id"],
                name="disclosures_to_file",
            ),
        ),
    ]
