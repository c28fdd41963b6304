"""From now on the database refuses an author's opinion, and a second part in a round."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Cast, Concat


def hand_key(post: str) -> Concat:
    """The key of a part, from the row's own columns."""
    text: models.CharField[str, str] = models.CharField()
    review, member = models.F("review"), models.F("member")
    colon = models.Value(":")
    return Concat(Cast(review, text), colon, Cast(member, text), colon, models.F(post))


class Migration(migrations.Migration):
    dependencies = [("review", "0005_hands_of_before")]

    operations = [
        migrations.AlterField(
            model_name="opinion",
            name="hand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.hand"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("hand", hand_key("post_key"))) & ~models.Q(("post_key", "*")),
                name="four_eyes_see_a_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=("review", "stage"), name="a_stage_is_decided_once"
            ),
        ),
    ]
