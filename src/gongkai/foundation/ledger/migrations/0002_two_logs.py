"""The acts get what the office log needs of them, and a head gets its log's name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="act",
            name="outcome",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="act",
            name="salt",
            field=models.BinaryField(default=b"", max_length=32),
        ),
        migrations.AddField(
            model_name="act",
            name="seq",
            field=models.BigIntegerField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name="act",
            name="words",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="head",
            name="name",
            field=models.CharField(default="public", max_length=20, unique=True),
        ),
        migrations.AddField(
            model_name="head",
            name="verified_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="head",
            name="verified_faults",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="head",
            name="verified_size",
            field=models.BigIntegerField(default=0),
        ),
    ]
