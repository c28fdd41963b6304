"""Where several may act on a stage, one takes it on for some hours."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_who_is_away"),
        ("review", "0008_the_emergency_path"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="claimed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.member",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="claimed_as",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="review", name="claimed_until", field=models.DateTimeField(null=True)
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("claimed_by__isnull", True),
                    ("claimed_until__isnull", False),
                    _connector="OR",
                ),
                name="a_claim_ends_by_itself",
            ),
        ),
    ]
