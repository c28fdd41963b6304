from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0003_a_disclosure_knows_its_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="extra",
            field=models.BooleanField(default=False),
        ),
    ]
