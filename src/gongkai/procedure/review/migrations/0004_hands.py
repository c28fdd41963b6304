"""Each member has one part in a round: an author's, or that of whoever decides by one post."""

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
    dependencies = [
        ("organisations", "0002_who_is_away"),
        ("review", "0003_findings_of_every_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hand",
            fields=[
                ("key", models.CharField(max_length=90, primary_key=True, serialize=False)),
                ("post", models.CharField(blank=True, max_length=40)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.member",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "经手",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "member"), name="a_member_has_one_part_in_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", hand_key("post"))),
                        name="a_hand_is_called_by_what_it_is",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="opinion",
            name="deputy",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="opinion",
            name="hand",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="review.hand",
            ),
        ),
    ]
