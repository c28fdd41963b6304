"""An index for each of the auditor's filters, and one for the acts that wait for their place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_salt_earlier_acts")]

    operations = [
        migrations.RemoveIndex(
            model_name="act",
            name="acts_of_an_organisation",
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["organisation", "at", "id"], name="acts_by_time"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(
                fields=["organisation", "actor_label", "at", "id"], name="acts_by_post"
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["organisation", "actor", "at", "id"], name="acts_by_member"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["organisation", "verb", "at", "id"], name="acts_by_verb"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(
                fields=["organisation", "subject", "at", "id"], name="acts_by_subject"
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(
                fields=["organisation", "outcome", "at", "id"], name="acts_by_outcome"
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(
                condition=models.Q(("seq__isnull", True)), fields=["id"], name="acts_unordered"
            ),
        ),
    ]
